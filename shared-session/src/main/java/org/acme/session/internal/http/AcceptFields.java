package org.acme.session.internal.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a client prefers: {@code Accept}, {@code Accept-Encoding} and {@code Accept-Language}. A server ignores empty elements (RFC
 * 9110, section 5.6.1); Quarkus refuses the whole request for one (400 for any page, 406, or 500 with a stack trace), and so for
 * anything else that is not in order. Java's {@code HttpURLConnection} sends such a header by default, with {@code *; q=.2}. So
 * Quarkus sees what is in order, and of the rest nothing.
 */
@Singleton
class AcceptFields {

    private static final int FIRST = 1_999_999;

    private static final String TOKEN = "[\\w!#$%&'*+.^`|~-]++";
    private static final String QUOTED = "\"(?:[^\"\\\\]|\\\\.)*+\"";
    private static final String VALUE = "(?:" + TOKEN + "|" + QUOTED + ")";
    private static final String WEIGHT = "(?:0(?:\\.\\d{1,3})?+|1(?:\\.0{1,3})?+)";

    private static final Pattern PARAMETER = Pattern.compile("(" + TOKEN + ")\\s*+=\\s*+(" + VALUE + ")");
    private static final Pattern IS_WEIGHT = Pattern.compile(WEIGHT);

    /** What stands between two commas, and between two semicolons, where these are in no quotation. */
    private static final Pattern ELEMENT = Pattern.compile("(?:[^,\"]|\"(?:[^\"\\\\]|\\\\.)*+\"?)++");

    private static final Pattern PART = Pattern.compile("(?:[^;\"]|\"(?:[^\"\\\\]|\\\\.)*+\"?)++");

    private static final Preference MEDIA_TYPE = new Preference(TOKEN + "/" + TOKEN, true);
    private static final Preference WORD = new Preference(TOKEN, false);

    void register(@Observes Filters filters) {
        filters.register(AcceptFields::putInOrder, FIRST);
    }

    private static void putInOrder(RoutingContext request) {
        putInOrder(request.request().headers());
        request.next();
    }

    private static void putInOrder(MultiMap headers) {
        MEDIA_TYPE.putInOrder(headers, HttpHeaders.ACCEPT);
        WORD.putInOrder(headers, HttpHeaders.ACCEPT_ENCODING);
        WORD.putInOrder(headers, HttpHeaders.ACCEPT_LANGUAGE);
    }

    /** The elements of an {@code Accept} header that are in order; empty when none is. */
    static String mediaTypes(String header) {
        return MEDIA_TYPE.inOrder(header);
    }

    /** The same for an {@code Accept-Language} or {@code Accept-Encoding} header. */
    static String words(String header) {
        return WORD.inOrder(header);
    }

    /** Browsers send few different ones, with each request. */
    private static final class Preference {

        private static final int MOST_KNOWN = 500;
        private static final int LONGEST_KNOWN = 300;

        private final Pattern range;
        private final Pattern allInOrder;
        private final boolean withParameters;
        private final Set<String> known = ConcurrentHashMap.newKeySet();

        /** @param withParameters whether there may be others than the weight */
        private Preference(String range, boolean withParameters) {
            this.range = Pattern.compile(range);
            this.withParameters = withParameters;
            String parameters = withParameters ? "(?:; ?(?![qQ]=)" + TOKEN + "=" + VALUE + ")*+" : "";
            String element = range + parameters + "(?:; ?q=" + WEIGHT + ")?+";
            this.allInOrder = Pattern.compile(element + "(?:, ?" + element + ")*+");
        }

        private void putInOrder(MultiMap headers, CharSequence name) {
            String first = headers.get(name);
            if (first == null) {
                return;
            }
            List<String> lines = headers.getAll(name);
            if (lines.stream().allMatch(this::isInOrder)) {
                return;
            }
            String good = inOrder(String.join(",", lines));
            if (good.isEmpty()) {
                headers.remove(name);
            } else {
                headers.set(name, good);
            }
        }

        private boolean isInOrder(String header) {
            if (known.contains(header)) {
                return true;
            }
            if (!allInOrder.matcher(header).matches()) {
                return false;
            }
            if (known.size() < MOST_KNOWN && header.length() <= LONGEST_KNOWN) {
                known.add(header);
            }
            return true;
        }

        private String inOrder(String header) {
            return pieces(ELEMENT, header)
                    .map(this::element)
                    .filter(element -> !element.isEmpty())
                    .collect(Collectors.joining(", "));
        }

        private String element(String element) {
            List<String> parts = pieces(PART, element).toList();
            if (parts.isEmpty() || !range.matcher(parts.get(0)).matches()) {
                return "";
            }
            StringBuilder good = new StringBuilder(parts.get(0));
            for (String part : parts.subList(1, parts.size())) {
                Matcher parameter = PARAMETER.matcher(part);
                if (!parameter.matches()) {
                    continue;
                }
                String value = parameter.group(2);
                if (parameter.group(1).equalsIgnoreCase("q")) {
                    // The last one: RFC 9110 knows no more what once could follow.
                    return IS_WEIGHT.matcher(value).matches()
                            ? good.append(";q=").append(value).toString()
                            : good.toString();
                }
                if (withParameters) {
                    good.append(';').append(parameter.group(1)).append('=').append(value);
                }
            }
            return good.toString();
        }

        private static Stream<String> pieces(Pattern piece, String text) {
            return piece.matcher(text).results().map(MatchResult::group).map(String::strip);
        }
    }
}
