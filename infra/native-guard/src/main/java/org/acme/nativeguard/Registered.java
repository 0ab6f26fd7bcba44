package org.acme.nativeguard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * What a native build of one service would register: the files below {@code META-INF/native-image} of the jars in its
 * {@code native-sources}, and the classes that Quarkus' features name. Conditions of entries are taken as met.
 */
final class Registered {

    private static final String FOLDER = "META-INF/native-image/";
    private static final String QUARKUS = "io.quarkus.runner.Feature";
    /** Named by Quarkus' own feature for another reason: it loads the class, to have it initialized. */
    private static final String APPLICATION = "io.quarkus.runner.ApplicationImpl";

    private static final Pattern FEATURES = Pattern.compile("--features=(\\S+)");
    private static final Pattern EXCLUDED = Pattern.compile("--exclude-config (\\S+) (\\S+)");
    private static final Pattern AT_RUN_TIME = Pattern.compile("--initialize-at-run-time=(\\S+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, List<JsonNode>> types = new HashMap<>();
    private final Set<String> ofFeatures = new HashSet<>();
    private final Set<String> initializedAtRunTime = new HashSet<>();
    private final List<Pattern> resources = new ArrayList<>();
    private final Set<String> bundles = new HashSet<>();
    private final Set<Set<String>> proxies = new HashSet<>();
    private final Set<String> services = new HashSet<>();

    private Registered() {}

    /** @param sources what {@code -Dquarkus.native.sources-only=true} leaves */
    static Registered in(Path sources) throws IOException {
        Registered registered = new Registered();
        String arguments = Files.readString(sources.resolve("native-image.args"));
        List<String[]> excluded = EXCLUDED.matcher(arguments)
                .results()
                .map(match -> new String[] {match.group(1), match.group(2)})
                .toList();
        Matcher features = FEATURES.matcher(arguments);
        Set<String> names = features.find() ? Set.of(features.group(1).split(",")) : Set.of();
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path jar :
                    files.filter(file -> file.toString().endsWith(".jar")).toList()) {
                registered.read(jar, excluded, names);
            }
        }
        return registered;
    }

    private void read(Path file, List<String[]> excluded, Set<String> features) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            for (ZipEntry entry :
                    jar.stream().filter(entry -> !entry.isDirectory()).toList()) {
                String name = entry.getName();
                if (name.startsWith("META-INF/services/")) {
                    services.add(name.substring("META-INF/services/".length()));
                } else if (name.startsWith(FOLDER)
                        && excluded.stream()
                                .noneMatch(rule -> finds(rule[0], file.toString()) && finds(rule[1], "/" + name))) {
                    read(name, text(jar, entry));
                } else if (name.endsWith(".class")
                        && features.contains(name.replace('/', '.').substring(0, name.length() - ".class".length()))) {
                    feature(jar, entry);
                }
            }
        }
    }

    private void read(String name, String text) throws IOException {
        if (name.endsWith("native-image.properties")) {
            AT_RUN_TIME
                    .matcher(text.replace("\\\n", ""))
                    .results()
                    .forEach(match -> initializedAtRunTime.addAll(
                            Arrays.asList(match.group(1).split(","))));
        } else if (name.endsWith("reflect-config.json")) {
            JSON.readTree(text).forEach(this::type);
        } else if (name.endsWith("proxy-config.json")) {
            JSON.readTree(text)
                    .forEach(proxy -> proxies.add(texts(proxy.has("interfaces") ? proxy.get("interfaces") : proxy)));
        } else if (name.endsWith("resource-config.json")) {
            resources(JSON.readTree(text));
        } else if (name.endsWith("reachability-metadata.json")) {
            metadata(JSON.readTree(text));
        }
    }

    private void type(JsonNode entry) {
        JsonNode name = entry.has("name") ? entry.get("name") : entry.path("type");
        if (name.has("proxy")) {
            proxies.add(texts(name.get("proxy")));
        } else {
            types.computeIfAbsent(name.asText(), any -> new ArrayList<>()).add(entry);
        }
    }

    private void resources(JsonNode file) {
        JsonNode listed = file.path("resources");
        (listed.isArray() ? listed : listed.path("includes"))
                .forEach(include ->
                        resources.add(Pattern.compile(include.path("pattern").asText())));
        file.path("globs").forEach(glob -> glob(glob.path("glob").asText()));
        file.path("bundles").forEach(bundle -> bundle(bundle.path("name").asText()));
    }

    private void metadata(JsonNode file) {
        file.path("reflection").forEach(this::type);
        file.path("resources").forEach(resource -> {
            if (resource.has("bundle")) {
                bundle(resource.get("bundle").asText());
            } else {
                glob(resource.path("glob").asText());
            }
        });
    }

    private void glob(String glob) {
        resources.add(Pattern.compile(glob.replaceAll("([^\\w/*])", "\\\\$1")
                .replace("**", "\0")
                .replace("*", "[^/]*")
                .replace("\0", ".*")));
    }

    private void bundle(String name) {
        bundles.add(name.substring(name.indexOf(':') + 1));
    }

    /** A feature registers, or initializes at run time, the classes that it names. */
    private void feature(JarFile jar, ZipEntry entry) throws IOException {
        try (InputStream file = jar.getInputStream(entry)) {
            Set<String> named = ClassNames.in(file.readAllBytes());
            if (entry.getName().equals(QUARKUS.replace('.', '/') + ".class")) {
                named.remove(APPLICATION);
                initializedAtRunTime.addAll(named);
            } else {
                ofFeatures.addAll(named);
            }
        }
    }

    // ---

    /** It happens while the executable is built: in a static initializer that does not wait for the run. */
    boolean atBuildTime(Sight sight) {
        return sight.initializing().stream().anyMatch(type -> !initializedAtRunTime(type));
    }

    private boolean initializedAtRunTime(String type) {
        return initializedAtRunTime.stream().anyMatch(name -> type.equals(name) || type.startsWith(name + "."));
    }

    boolean has(Sight sight) {
        return switch (sight.kind()) {
            case TYPE -> types.containsKey(sight.type()) || ofFeatures.contains(sight.type());
            case CONSTRUCTOR -> hasMember(sight, "Constructors", "methods", "queriedMethods");
            case METHOD -> hasMember(sight, "Methods", "methods", "queriedMethods");
            case FIELD -> hasMember(sight, "Fields", "fields");
            case RESOURCE -> hasResource(sight.type());
            case PROXY -> proxies.contains(Set.of(sight.type().split(",")));
            case BUNDLE -> bundles.contains(sight.type());
            // No file, no provider, on the JVM either.
            case SERVICE -> !services.contains(sight.type()) || hasResource("META-INF/services/" + sight.type());
        };
    }

    private boolean hasResource(String name) {
        return resources.stream().anyMatch(pattern -> pattern.matcher(name).matches());
    }

    private boolean hasMember(Sight sight, String all, String... lists) {
        if (ofFeatures.contains(sight.type())) {
            return true;
        }
        String name = sight.member().replaceFirst("\\(.*", "");
        for (JsonNode entry : types.getOrDefault(sight.type(), List.of())) {
            for (String prefix : List.of("allDeclared", "allPublic", "queryAllDeclared", "queryAllPublic")) {
                if (entry.path(prefix + all).asBoolean()) {
                    return true;
                }
            }
            for (String list : lists) {
                for (JsonNode member : entry.path(list)) {
                    // All members were asked for: some are registered, so somebody thought of it.
                    if (name.isEmpty() || member.path("name").asText().equals(name)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean finds(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).find();
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new HashSet<>();
        array.forEach(element -> texts.add(element.asText()));
        return texts;
    }

    private static String text(JarFile jar, ZipEntry entry) {
        try (InputStream file = jar.getInputStream(entry)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
