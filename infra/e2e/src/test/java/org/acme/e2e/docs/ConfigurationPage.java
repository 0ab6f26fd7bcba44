package org.acme.e2e.docs;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The reference of all settings, from the interfaces with {@code @ConfigMapping} and their javadoc. */
final class ConfigurationPage {

    private static final String HEAD =
            """
            # Settings

            All settings of this repository's own code. **This page is generated** from the interfaces that read them;
            `mvn -pl infra/e2e test -Dtest='*PageTest' -Ddocs.renew` renews it, and a test fails when it is stale.

            A setting comes from the environment, from a service's `application.properties`, or from a system property, as
            with [any Quarkus application](https://quarkus.io/guides/config-reference). Wrong values end the start with the
            reason. Lists are separated by commas; `<name>` is a name of your choice, such as `keycloak`.

            Times are written as `300ms`, `30s`, `15m` or `8h`.
            """;

    private final DocTrees docs;
    private final CompilationUnitTree unit;
    private final Map<String, ClassTree> nested = new LinkedHashMap<>();
    private final Map<String, String> choices = new HashMap<>();
    private final StringBuilder out;

    private ConfigurationPage(DocTrees docs, CompilationUnitTree unit, StringBuilder out) {
        this.docs = docs;
        this.unit = unit;
        this.out = out;
    }

    static String content() {
        List<Path> sources = Repository.files(path -> path.toString().contains("/src/main/java/")
                && path.toString().endsWith(".java")
                && Repository.read(path).contains("@ConfigMapping("));
        StringBuilder out = new StringBuilder(HEAD);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            DocTrees docs = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                new ConfigurationPage(docs, unit, out).write();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    private void write() {
        ClassTree mapping = (ClassTree) unit.getTypeDecls().get(0);
        collect(mapping);
        Path source = Path.of(unit.getSourceFile().toUri());
        String module = Repository.ROOT.relativize(source).getName(0).toString();
        out.append("\n## ").append(module).append("\n\n").append(doc(mapping));
        out.append(" ([").append(mapping.getSimpleName()).append("](");
        out.append(Repository.linkFromDocs(source)).append("))\n\n");
        out.append("| setting | in the environment | type | default | what it is |\n|---|---|---|---|---|\n");
        rows(argument(mapping.getModifiers(), "ConfigMapping", "prefix").orElseThrow(), mapping);
    }

    private void collect(ClassTree type) {
        for (Tree member : type.getMembers()) {
            if (member instanceof ClassTree inner && inner.getKind() == Tree.Kind.INTERFACE) {
                nested.put(inner.getSimpleName().toString(), inner);
                collect(inner);
            } else if (member instanceof ClassTree inner && inner.getKind() == Tree.Kind.ENUM) {
                choices.put(
                        inner.getSimpleName().toString(),
                        inner.getMembers().stream()
                                .filter(VariableTree.class::isInstance)
                                .map(value -> hyphenated(
                                        ((VariableTree) value).getName().toString()))
                                .collect(Collectors.joining(", ")));
            }
        }
    }

    private void rows(String prefix, ClassTree type) {
        for (Tree member : type.getMembers()) {
            if (member instanceof MethodTree method && method.getBody() == null) {
                row(prefix + "." + hyphenated(method.getName().toString()), method);
            }
        }
    }

    private void row(String key, MethodTree method) {
        String type = method.getReturnType().toString();
        if (type.startsWith("Map<String,")) {
            String value =
                    type.substring(type.indexOf(',') + 1, type.length() - 1).strip();
            if (nested.containsKey(value)) {
                rows(key + ".<name>", nested.get(value));
                return;
            }
            key += ".<name>";
            type = value;
        }
        String group = type.replaceFirst("^Optional<(.*)>$", "$1");
        if (nested.containsKey(group)) {
            rows(key, nested.get(group));
            return;
        }
        String byDefault = argument(method.getModifiers(), "WithDefault", "value")
                .map(value -> "`" + value + "`")
                .orElse(type.startsWith("Optional<") ? "" : "**needed**");
        out.append("| `%s` | `%s` | %s | %s | %s |\n"
                .formatted(
                        key, variable(key), words(type), byDefault, doc(method).replace("|", "\\|")));
    }

    /** As MicroProfile Config derives it. */
    private static String variable(String key) {
        return key.replace("<name>", "<NAME>").replaceAll("[^A-Za-z0-9<>]", "_").toUpperCase(Locale.ROOT);
    }

    private String words(String type) {
        String inner = type.replaceFirst("^Optional<(.*)>$", "$1");
        return switch (inner) {
            case "String" -> "text";
            case "Duration" -> "time";
            case "boolean", "Boolean" -> "yes or no";
            case "int", "Integer", "long", "Long" -> "number";
            case "List<String>", "Set<String>" -> "list of texts";
            default -> choices.getOrDefault(inner, inner.replace("<", "&lt;"));
        };
    }

    private static String hyphenated(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    private String doc(Tree tree) {
        DocCommentTree comment = docs.getDocCommentTree(TreePath.getPath(unit, tree));
        if (comment == null) {
            throw new IllegalStateException(
                    "No javadoc: " + unit.getSourceFile().getName() + " " + tree);
        }
        return comment.getFullBody().toString().isEmpty()
                ? ""
                : comment.getFullBody().stream()
                        .map(Object::toString)
                        .reduce("", String::concat)
                        .replaceAll("\\{@code ([^}]*)}", "`$1`")
                        .replaceAll("\\{@link #?([^}]*)}", "`$1`")
                        .replaceAll("\\s+", " ")
                        .strip();
    }

    private static Optional<String> argument(ModifiersTree modifiers, String annotation, String name) {
        for (AnnotationTree present : modifiers.getAnnotations()) {
            if (present.getAnnotationType().toString().equals(annotation)) {
                for (ExpressionTree argument : present.getArguments()) {
                    ExpressionTree value = argument;
                    if (argument instanceof AssignmentTree assignment) {
                        if (!assignment.getVariable().toString().equals(name)) {
                            continue;
                        }
                        value = assignment.getExpression();
                    }
                    return Optional.of(
                            value instanceof LiteralTree literal
                                    ? String.valueOf(literal.getValue())
                                    : value.toString());
                }
            }
        }
        return Optional.empty();
    }
}
