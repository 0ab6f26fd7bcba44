package org.acme.e2e;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The table in docs/providers.md: what each provider was seen to do. */
final class ProviderMatrix {

    private static final String HEAD = "| | Keycloak | another OpenID provider | OAuth 2.0 only |\n|---|---|---|---|\n";

    private final Map<String, String> cells = new HashMap<>();
    private final List<String> rows;
    private final List<String> providers;

    /** @param providers in the order of the table's columns */
    ProviderMatrix(List<String> rows, List<String> providers) {
        this.rows = rows;
        this.providers = providers;
    }

    void saw(String row, String provider, String what) {
        cells.put(row + provider, what);
    }

    /** What nobody has seen says so. */
    String table() {
        StringBuilder table = new StringBuilder(HEAD);
        for (String row : rows) {
            table.append("| ").append(row).append(" |");
            providers.forEach(provider -> table.append(' ')
                    .append(cells.getOrDefault(row + provider, "not tested"))
                    .append(" |"));
            table.append('\n');
        }
        return table.toString();
    }
}
