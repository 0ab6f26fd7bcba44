package org.acme.session.web;

/**
 * A calm page for a person: what happened, and one link on.
 *
 * @param title what happened
 * @param text what it means
 * @param link where to go; a path of this site
 * @param linkText what the link says
 */
record Page(String title, String text, String link, String linkText) {

    private static final String HTML =
            """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>%1$s</title>
            <link rel="stylesheet" href="%5$s">
            </head>
            <body>
            <main>
            <h1>%1$s</h1>
            <p>%2$s</p>
            <p><a href="%3$s">%4$s</a></p>
            </main>
            </body>
            </html>
            """;

    /** @param home the service's root, where its style sheet lies */
    String html(String home) {
        return HTML.formatted(
                escape(title), escape(text), escape(link), escape(linkText), escape(home + "static/session.css"));
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
