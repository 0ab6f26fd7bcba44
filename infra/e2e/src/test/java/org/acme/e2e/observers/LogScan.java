package org.acme.e2e.observers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Looks for many secrets in many files at once. What it reports names the kind and the place, never the secret. */
public final class LogScan {

    /** Looks like a JSON web token, whoever issued it; or like a session cookie, whoever signed it. */
    private static final Map<String, Pattern> SHAPES = Map.of(
            "a JSON web token", Pattern.compile("eyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}"),
            "a session cookie", Pattern.compile("\\bs(?::|%3A)[A-Za-z0-9_-]{43}\\.[A-Za-z0-9+/%]{20,}"));

    private static final int MOST_FINDINGS = 50;
    private static final int STEM = Canaries.SHORTEST;

    private final Map<String, List<Map.Entry<String, String>>> byStem = new HashMap<>();

    /** @param needles values with their kinds */
    public LogScan(Map<String, String> needles) {
        for (Map.Entry<String, String> needle : needles.entrySet()) {
            if (needle.getKey().length() >= STEM) {
                byStem.computeIfAbsent(needle.getKey().substring(0, STEM), stem -> new ArrayList<>())
                        .add(needle);
            }
        }
    }

    /** The places in the files named {@code *.log} or {@code *.log.1} under that folder where a secret stands. */
    public List<String> findingsIn(Path folder) {
        List<String> findings = new ArrayList<>();
        logs(folder).forEach(file -> scan(file, findings));
        return findings.stream().distinct().limit(MOST_FINDINGS).toList();
    }

    public static List<Path> logs(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().matches(".*\\.log(\\.\\d+)?"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void scan(Path file, List<String> findings) {
        // ISO-8859-1 reads anything, binary segments of a topic too.
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            int number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                String place = file.getFileName() + ":" + number;
                for (Map.Entry<String, Pattern> shape : SHAPES.entrySet()) {
                    if (shape.getValue().matcher(line).find()) {
                        findings.add(shape.getKey() + " at " + place);
                    }
                }
                scan(line, place, findings);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void scan(String line, String place, List<String> findings) {
        for (int i = 0; i + STEM <= line.length(); i++) {
            List<Map.Entry<String, String>> candidates = byStem.get(line.substring(i, i + STEM));
            if (candidates != null) {
                for (Map.Entry<String, String> candidate : candidates) {
                    if (line.startsWith(candidate.getKey(), i)) {
                        findings.add(candidate.getValue() + " at " + place);
                    }
                }
            }
        }
    }
}
