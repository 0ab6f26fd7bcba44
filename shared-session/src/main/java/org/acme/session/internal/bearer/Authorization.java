package org.acme.session.internal.bearer;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code Authorization} header of a request (RFC 6750, section 2.1). A token counts nowhere else. */
final class Authorization {

    private static final Pattern BEARER = Pattern.compile("Bearer +([A-Za-z0-9._~+/-]+=*) *", Pattern.CASE_INSENSITIVE);

    private Authorization() {}

    /**
     * The bearer token; empty for another scheme, which is not ours to judge.
     *
     * @throws MalformedException when a bearer token is announced and cannot be read, or is sent twice
     */
    static Optional<String> token(HttpServerRequest request) {
        List<String> headers = request.headers().getAll(HttpHeaders.AUTHORIZATION);
        if (headers.size() > 1) {
            throw new MalformedException("Send one Authorization header.");
        }
        String header = headers.get(0);
        if (!header.regionMatches(true, 0, "Bearer", 0, 6) || header.length() > 6 && header.charAt(6) != ' ') {
            return Optional.empty();
        }
        Matcher bearer = BEARER.matcher(header);
        if (!bearer.matches()) {
            throw new MalformedException("Send a token: Authorization: Bearer, a blank, and one token.");
        }
        if (request.getParam("access_token") != null) {
            throw new MalformedException("Send the token in one way only, the Authorization header.");
        }
        return Optional.of(bearer.group(1));
    }

    /** A request that no token can be read from. */
    static final class MalformedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message);
        }
    }
}
