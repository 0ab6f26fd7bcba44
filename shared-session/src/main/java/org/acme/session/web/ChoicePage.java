package org.acme.session.web;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Where a person chooses a provider to sign in at.
 *
 * @param home the service's root
 * @param back where the person goes on afterwards; a path of this site
 * @param titles what the providers are called, by name
 */
record ChoicePage(String home, String back, Map<String, String> titles) {

    private static final String HTML =
            """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Sign in</title>
            <link rel="stylesheet" href="%1$sstatic/session.css">
            </head>
            <body>
            <main>
            <h1>Sign in</h1>
            <p>Choose the account to sign in with. Accounts are kept apart, also when they have the same e-mail address.</p>
            <ul>
            %2$s
            </ul>
            </main>
            </body>
            </html>
            """;

    String html() {
        String links = titles.entrySet().stream()
                .map(provider -> "<li><a href=\"%s\">%s</a></li>"
                        .formatted(
                                Page.escape(home + "auth/" + provider.getKey() + "?return="
                                        + URLEncoder.encode(back, StandardCharsets.UTF_8)),
                                Page.escape(provider.getValue())))
                .collect(Collectors.joining("\n"));
        return HTML.formatted(Page.escape(home), links);
    }
}
