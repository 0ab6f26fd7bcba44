package org.acme.session.internal.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which credentials count at a path; the one place that decides it. A segment {@code api} or {@code service} decides
 * wherever it stands, with or without what follows it, path parameters included: JAX-RS would find the same resource.
 */
public enum AcceptedCredentials {
    /** For people: the session, and no bearer token. */
    PAGE,
    /** For scripts of a page and of others: a bearer token, or else the session. */
    API,
    /** From service to service: a bearer token only. */
    SERVICE;

    private static final Pattern SEGMENT = Pattern.compile("/(api|service)(?=[/;]|$)");

    /** @param path without its query */
    public static AcceptedCredentials of(String path) {
        AcceptedCredentials accepted = PAGE;
        Matcher segments = SEGMENT.matcher(path);
        while (segments.find()) {
            if (segments.group(1).equals("service")) {
                return SERVICE;
            }
            accepted = API;
        }
        return accepted;
    }

    public boolean takesBearerTokens() {
        return this != PAGE;
    }

    public boolean takesSessions() {
        return this != SERVICE;
    }
}
