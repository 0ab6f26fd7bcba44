package org.acme.layout;

import java.util.Locale;

/**
 * A service in the navigation.
 *
 * @param name what to call it
 * @param path its home
 * @param current whether the page belongs to it
 */
record NavigationEntry(String name, String path, boolean current) {

    static NavigationEntry of(String service, String ownRoot) {
        String path = "/" + service + "/";
        return new NavigationEntry(
                service.substring(0, 1).toUpperCase(Locale.ROOT) + service.substring(1), path, path.equals(ownRoot));
    }
}
