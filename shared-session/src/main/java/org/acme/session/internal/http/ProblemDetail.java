package org.acme.session.internal.http;

import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * A problem document (RFC 9457).
 *
 * @param title what went wrong, in a few words
 * @param detail what to do about it
 * @param more further members
 */
record ProblemDetail(String title, String detail, Map<String, String> more) {

    String json(int status) {
        JsonObject document = new JsonObject()
                .put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("detail", detail);
        more.forEach(document::put);
        return document.encode();
    }
}
