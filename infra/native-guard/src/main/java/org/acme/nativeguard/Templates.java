package org.acme.nativeguard;

import io.quarkus.qute.Engine;
import io.quarkus.qute.EngineBuilder;
import io.quarkus.qute.Expression;
import io.quarkus.qute.ParserHelper;
import io.quarkus.qute.ParserHook;
import io.quarkus.qute.TemplateLocator.TemplateLocation;
import io.quarkus.qute.UserTagSectionHelper;
import io.quarkus.qute.Variant;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * The Qute templates of one service. Quarkus generates the access to what an expression names where it knows the expression's type:
 * the template declares the parameter, or is a checked one. Other expressions are resolved by reflection, which works on the JVM
 * only. Quarkus refuses them in checked templates; in those that are merely included it says nothing.
 */
final class Templates {

    private static final String FOLDER = "templates/";
    private static final String TAGS = "tags/";

    private final Map<String, String> contents = new TreeMap<>();
    private final CheckedTemplates checked = new CheckedTemplates();
    private int expressions;

    private Templates() {}

    /** @param sources what {@code -Dquarkus.native.sources-only=true} leaves */
    static Templates in(Path sources) throws IOException {
        Templates templates = new Templates();
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path jar :
                    files.filter(file -> file.toString().endsWith(".jar")).toList()) {
                templates.read(jar);
            }
        }
        return templates;
    }

    private void read(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            // Of the service's own jar only: Quarkus puts the classes there whose code it changes, and it
            // writes the methods of checked templates.
            boolean changed = file.toString().endsWith("-runner.jar");
            for (ZipEntry entry :
                    jar.stream().filter(entry -> !entry.isDirectory()).toList()) {
                String name = entry.getName();
                if (name.startsWith(FOLDER)) {
                    contents.put(
                            name.substring(FOLDER.length()), new String(bytes(jar, entry), StandardCharsets.UTF_8));
                } else if (changed && name.endsWith(".class")) {
                    checked.read(bytes(jar, entry));
                }
            }
        }
    }

    private static byte[] bytes(JarFile jar, ZipEntry entry) throws IOException {
        try (InputStream file = jar.getInputStream(entry)) {
            return file.readAllBytes();
        }
    }

    int count() {
        return contents.size();
    }

    /** How many expressions {@link #untyped()} has looked at. */
    int expressions() {
        return expressions;
    }

    /** @return a line for each expression that Qute would resolve by reflection */
    Set<String> untyped() {
        expressions = 0;
        Set<String> untyped = new LinkedHashSet<>();
        Engine engine = engine();
        for (String name : contents.keySet()) {
            for (Expression expression : engine.getTemplate(name).getExpressions()) {
                expressions++;
                if (!expression.isLiteral() && !expression.hasTypeInfo()) {
                    untyped.add("template %s, line %d: {%s}"
                            .formatted(name, expression.getOrigin().getLine(), expression.toOriginalString()));
                }
            }
        }
        return untyped;
    }

    private Engine engine() {
        EngineBuilder engine = Engine.builder()
                .addDefaultSectionHelpers()
                .addLocator(this::located)
                .addParserHook(new Parameters());
        for (String name : contents.keySet()) {
            if (name.startsWith(TAGS)) {
                engine.addSectionHelper(
                        new UserTagSectionHelper.Factory(withoutSuffix(name.substring(TAGS.length())), name));
            }
        }
        return engine.build();
    }

    private Optional<TemplateLocation> located(String id) {
        return contents.entrySet().stream()
                .filter(template -> template.getKey().equals(id)
                        || withoutSuffix(template.getKey()).equals(id))
                .findFirst()
                .map(template -> new Located(template.getValue()));
    }

    private static String withoutSuffix(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    private record Located(String content) implements TemplateLocation {
        @Override
        public Reader read() {
            return new StringReader(content);
        }

        @Override
        public Optional<Variant> getVariant() {
            return Optional.empty();
        }
    }

    /** Gives a checked template its method's parameters. Their types do not matter here: Quarkus has looked at them. */
    private final class Parameters implements ParserHook {
        @Override
        public void beforeParsing(ParserHelper template) {
            Set<String> names = checked.parameters(withoutSuffix(template.getTemplateId()));
            names.forEach(name -> template.addParameter(name, Object.class.getName()));
        }
    }
}
