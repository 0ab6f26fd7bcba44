package org.acme.nativeguard;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** The parameters of the methods of classes that are annotated with {@code @CheckedTemplate}, by template. */
final class CheckedTemplates {

    private static final String ANNOTATION = "Lio/quarkus/qute/CheckedTemplate;";
    private static final String RESULT = ")Lio/quarkus/qute/TemplateInstance;";

    private final Map<String, Set<String>> parameters = new HashMap<>();

    /** @param template its path below {@code templates}, without suffix */
    Set<String> parameters(String template) {
        return parameters.getOrDefault(template, Set.of());
    }

    void read(byte[] type) {
        Type read = new Type();
        new ClassReader(type).accept(read, ClassReader.SKIP_CODE | ClassReader.SKIP_FRAMES);
        if (read.base != null) {
            read.methods.forEach((method, names) -> parameters.put(read.base + method, names));
        }
    }

    private static final class Type extends ClassVisitor {

        private final Map<String, Set<String>> methods = new HashMap<>();
        private String enclosing;
        /** Null where the class is not annotated. */
        private String base;

        private Type() {
            super(Opcodes.ASM9);
        }

        @Override
        public void visit(
                int version, int access, String name, String signature, String superName, String[] interfaces) {
            String[] nested = name.substring(name.lastIndexOf('/') + 1).split("\\$");
            enclosing = nested.length > 1 ? nested[nested.length - 2] : "";
        }

        @Override
        public AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
            if (!descriptor.equals(ANNOTATION)) {
                return null;
            }
            base = folder(enclosing);
            return new AnnotationVisitor(Opcodes.ASM9) {
                @Override
                public void visit(String name, Object value) {
                    if (name.equals("basePath")) {
                        base = folder(value.toString());
                    }
                }
            };
        }

        private static String folder(String path) {
            return path.isEmpty() || path.endsWith("/") ? path : path + "/";
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] thrown) {
            if (!descriptor.endsWith(RESULT)) {
                return null;
            }
            Set<String> names = methods.computeIfAbsent(name, any -> new HashSet<>());
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public void visitParameter(String parameter, int access) {
                    names.add(parameter);
                }
            };
        }
    }
}
