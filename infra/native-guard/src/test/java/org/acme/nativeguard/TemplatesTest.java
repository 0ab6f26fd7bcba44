package org.acme.nativeguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Qute calls a getter by reflection where it knows no type at build time; an executable then answers with 500. */
class TemplatesTest {

    /** What users-service and its layout have, and where nothing but the template itself says what it is given. */
    private static final Path INCLUDED = Path.of("../../users-service/src/main/resources/templates/sessionTable.html");

    private static final Path TAG = Path.of("../../page-layout/src/main/resources/templates/tags/time.html");

    @TempDir
    private Path sources;

    private JarOutputStream jar;

    @CheckedTemplate(basePath = "")
    static final class Pages {
        static native TemplateInstance page(List<String> names);
    }

    @CheckedTemplate
    static final class InFolder {
        static native TemplateInstance page(String name);
    }

    @BeforeEach
    void open() throws IOException {
        jar = new JarOutputStream(Files.newOutputStream(sources.resolve("service-runner.jar")));
        for (Class<?> type : List.of(Pages.class, InFolder.class)) {
            String file = type.getName().replace('.', '/') + ".class";
            try (InputStream bytes = type.getClassLoader().getResourceAsStream(file)) {
                add(file, bytes.readAllBytes());
            }
        }
        add("templates/tags/time.html", Files.readAllBytes(TAG));
    }

    @AfterEach
    void close() throws IOException {
        jar.close();
    }

    @Test
    @DisplayName("An included template that declares what it is given has a type for each expression")
    void declared() throws IOException {
        add("templates/sessionTable.html", Files.readAllBytes(INCLUDED));
        assertThat(untyped()).isEmpty();
    }

    @Test
    @DisplayName("Without the declarations, as sessionTable.html once was, each expression is named with its line")
    void undeclared() throws IOException {
        List<String> lines = Files.readAllLines(INCLUDED);
        add(
                "templates/sessionTable.html",
                lines.stream()
                        .filter(line -> !line.startsWith("{@"))
                        .collect(Collectors.joining("\n"))
                        .getBytes());
        assertThat(untyped())
                .contains("template sessionTable.html, line 8: {session.startedAt}")
                .allMatch(line -> line.startsWith("template sessionTable.html, line "));
    }

    @Test
    @DisplayName("Checked templates have the parameters of their methods, and no others")
    void checked() throws IOException {
        add("templates/page.html", "{#for name in names}{name}{#time now /}{/for}".getBytes());
        add("templates/TemplatesTest/page.html", "{name}{names.size}".getBytes());
        assertThat(untyped())
                .containsExactly(
                        "template TemplatesTest/page.html, line 1: {names.size}", "template page.html, line 1: {now}");
    }

    private void add(String name, byte[] content) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        jar.write(content);
        jar.closeEntry();
    }

    private Set<String> untyped() throws IOException {
        jar.close();
        return Templates.in(sources).untyped();
    }
}
