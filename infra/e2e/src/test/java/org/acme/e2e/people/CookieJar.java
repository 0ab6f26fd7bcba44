package org.acme.e2e.people;

import java.net.URI;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The cookies of one browser at one host. Like a browser's, it does not tell ports apart (RFC 6265, section 8.5). */
public final class CookieJar {

    private record Cookie(String name, String value, String path) {

        boolean isFor(URI uri) {
            String asked = uri.getPath().isEmpty() ? "/" : uri.getPath();
            return asked.equals(path) || asked.startsWith(path.endsWith("/") ? path : path + "/");
        }
    }

    private final Map<String, Cookie> cookies = new LinkedHashMap<>();

    /** Takes over what a response set or removed. */
    public synchronized void store(URI from, Collection<String> setCookies) {
        setCookies.forEach(header -> store(from, header));
    }

    private void store(URI from, String header) {
        String[] parts = header.split(";");
        int equals = parts[0].indexOf('=');
        String name = parts[0].substring(0, equals).trim();
        String value = parts[0].substring(equals + 1).trim();
        String asked = from.getPath();
        String path = asked.lastIndexOf('/') > 0 ? asked.substring(0, asked.lastIndexOf('/')) : "/";
        boolean over = false;
        for (int i = 1; i < parts.length; i++) {
            String[] attribute = parts[i].trim().split("=", 2);
            String what = attribute.length > 1 ? attribute[1] : "";
            switch (attribute[0].toLowerCase(java.util.Locale.ROOT)) {
                case "path" -> path = what.isEmpty() ? "/" : what;
                case "max-age" -> over |= Long.parseLong(what) <= 0;
                case "expires" -> over |= isPast(what);
                default -> {
                    // the rest is of no meaning here
                }
            }
        }
        if (over) {
            cookies.remove(name + " " + path);
        } else {
            cookies.put(name + " " + path, new Cookie(name, value, path));
        }
    }

    private static boolean isPast(String date) {
        try {
            return ZonedDateTime.parse(date.replace('-', ' '), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .isBefore(ZonedDateTime.now());
        } catch (DateTimeParseException odd) {
            return date.contains("1970");
        }
    }

    /** The Cookie header for a request, the longest path first; empty without any. */
    public synchronized Optional<String> header(URI uri) {
        String header = cookies.values().stream()
                .filter(cookie -> cookie.isFor(uri))
                .sorted(Comparator.comparingInt((Cookie c) -> c.path().length()).reversed())
                .map(cookie -> cookie.name() + "=" + cookie.value())
                .collect(Collectors.joining("; "));
        return header.isEmpty() ? Optional.empty() : Optional.of(header);
    }

    public synchronized Optional<String> value(String name) {
        return cookies.values().stream()
                .filter(cookie -> cookie.name().equals(name))
                .map(Cookie::value)
                .findFirst();
    }

    public synchronized void put(String name, String value) {
        cookies.put(name + " /", new Cookie(name, value, "/"));
    }

    public synchronized List<String> names() {
        return cookies.values().stream().map(Cookie::name).toList();
    }

    public synchronized void forget(String name) {
        cookies.values().removeIf(cookie -> cookie.name().equals(name));
    }

    public synchronized void clear() {
        cookies.clear();
    }
}
