package org.acme.nativeguard;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.acme.nativeguard.Sight.Kind;

/**
 * {@code java -jar native-guard.jar FOLDER SERVICE=NATIVE_SOURCES...}: compares what {@link Agent} has written to FOLDER with what
 * a native build of each service registers, and looks for expressions in its templates that are resolved by reflection. Ends with 1 and
 * a line for each when something is missing.
 */
public final class Guard {

    private final Accepted accepted;
    private final Set<String> missing = new TreeSet<>();
    private final List<String> untyped = new ArrayList<>();

    private Guard(Accepted accepted) {
        this.accepted = accepted;
    }

    public static void main(String[] arguments) throws IOException {
        Guard guard = new Guard(new Accepted(acceptedLines()));
        for (String service : List.of(arguments).subList(1, arguments.length)) {
            String[] parts = service.split("=", 2);
            guard.compare(parts[0], Path.of(arguments[0]), Registered.in(Path.of(parts[1])));
            guard.check(parts[0], Templates.in(Path.of(parts[1])));
        }
        guard.accepted.unused().forEach(line -> System.out.println("not needed in accepted.txt: " + line));
        guard.missing.forEach(line -> System.out.println("not registered: " + line));
        guard.untyped.forEach(line -> System.out.println("no type at build time: " + line));
        System.exit(guard.missing.isEmpty() && guard.untyped.isEmpty() ? 0 : 1);
    }

    private void compare(String service, Path folder, Registered registered) throws IOException {
        Map<Kind, int[]> counts = new EnumMap<>(Kind.class);
        for (Sight sight : sights(service, folder)) {
            int[] count = counts.computeIfAbsent(sight.kind(), kind -> new int[4]);
            if (registered.atBuildTime(sight)) {
                count[0]++;
            } else if (registered.has(sight)) {
                count[1]++;
            } else if (accepted.has(sight)) {
                count[2]++;
            } else {
                count[3]++;
                missing.add(service + ": " + sight.described());
            }
        }
        System.out.printf("%-12s %14s %10s %8s %7s%n", service, "at build time", "registered", "accepted", "missing");
        counts.forEach((kind, count) ->
                System.out.printf("%-12s %14d %10d %8d %7d%n", kind.word(), count[0], count[1], count[2], count[3]));
    }

    private void check(String service, Templates templates) {
        Set<String> found = templates.untyped();
        found.forEach(line -> untyped.add(service + ": " + line));
        System.out.printf(
                "templates: %d, with %d expressions, %d without a type%n",
                templates.count(), templates.expressions(), found.size());
    }

    private static Set<Sight> sights(String service, Path folder) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(file -> file.getFileName().toString().matches(service + "-\\d+\\.tsv"))
                    .toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        if (lines.isEmpty()) {
            throw new IOException("Nothing was written of " + service + " to " + folder);
        }
        return lines.stream().map(Sight::parse).collect(Collectors.toSet());
    }

    private static List<String> acceptedLines() throws IOException {
        try (BufferedReader file = new BufferedReader(
                new InputStreamReader(Guard.class.getResourceAsStream("accepted.txt"), StandardCharsets.UTF_8))) {
            return file.lines().toList();
        }
    }
}
