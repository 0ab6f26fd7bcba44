package org.acme.session.internal.http;

import io.quarkus.arc.DefaultBean;
import jakarta.inject.Singleton;
import java.util.stream.Collectors;
import org.acme.session.spi.MessagePage;
import org.acme.session.spi.PageRenderer;

/** The pages of a service that brings no look of its own. */
@Singleton
@DefaultBean
class DefaultPageRenderer implements PageRenderer {

    private static final String HTML =
            """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>%1$s</title>
            </head>
            <body>
            <main>
            <h1>%1$s</h1>
            <p>%2$s</p>
            %3$s
            </main>
            </body>
            </html>
            """;

    @Override
    public String html(MessagePage page) {
        String links = page.links().stream()
                .map(link -> "<p><a href=\"%s\">%s</a></p>".formatted(escape(link.address()), escape(link.text())))
                .collect(Collectors.joining("\n"));
        return HTML.formatted(escape(page.title()), escape(page.text()), links);
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
