package org.acme.session.internal.lifecycle;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * What people call the browser that sent a User-Agent: {@code Firefox on Windows}. A guess for the eye, from the few
 * browsers and systems that most people have; anybody can send any User-Agent, and nothing is decided by it.
 */
public final class DeviceName {

    private static final String UNKNOWN = "An unknown device";

    /** In this order, for each names those below it, too. */
    private static final Map<String, Pattern> BROWSERS = inOrder(
            "Edge", "\\bEdg(?:e|A|iOS)?/",
            "Opera", "\\b(?:OPR|Opera)/",
            "Samsung Internet", "\\bSamsungBrowser/",
            "Firefox", "\\b(?:Firefox|FxiOS)/",
            "Chrome", "\\b(?:Chrome|CriOS|HeadlessChrome)/",
            "Safari", "\\bVersion/.*\\bSafari/",
            "curl", "^curl/");

    private static final Map<String, Pattern> SYSTEMS = inOrder(
            "iPhone", "\\biPhone\\b",
            "iPad", "\\biPad\\b",
            "Android", "\\bAndroid\\b",
            "Windows", "\\bWindows\\b",
            "Mac", "\\bMac(?:intosh| OS X)\\b",
            "ChromeOS", "\\bCrOS\\b",
            "Linux", "\\b(?:Linux|X11)\\b");

    private DeviceName() {}

    /** @param userAgent the header as it was sent; may be empty */
    public static String of(String userAgent) {
        String browser = first(BROWSERS, userAgent);
        String system = first(SYSTEMS, userAgent);
        if (browser.isEmpty()) {
            return system.isEmpty() ? UNKNOWN : "A browser on " + system;
        }
        return system.isEmpty() ? browser : browser + " on " + system;
    }

    private static String first(Map<String, Pattern> names, String userAgent) {
        return names.entrySet().stream()
                .filter(name -> name.getValue().matcher(userAgent).find())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }

    private static Map<String, Pattern> inOrder(String... namesAndPatterns) {
        Map<String, Pattern> patterns = new java.util.LinkedHashMap<>();
        for (int i = 0; i < namesAndPatterns.length; i += 2) {
            patterns.put(namesAndPatterns[i], Pattern.compile(namesAndPatterns[i + 1]));
        }
        return patterns;
    }
}
