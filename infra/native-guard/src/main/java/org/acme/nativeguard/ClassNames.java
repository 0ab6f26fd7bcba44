package org.acme.nativeguard;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** The strings in a class's methods that may be names of classes. */
final class ClassNames {

    private static final Pattern NAME = Pattern.compile("[a-z]\\w*(\\.[\\w$]+)+");

    private ClassNames() {}

    static Set<String> in(byte[] type) {
        Set<String> names = new HashSet<>();
        new ClassReader(type)
                .accept(
                        new ClassVisitor(Opcodes.ASM9) {
                            @Override
                            public MethodVisitor visitMethod(
                                    int access, String name, String descriptor, String signature, String[] thrown) {
                                return new MethodVisitor(Opcodes.ASM9) {
                                    @Override
                                    public void visitLdcInsn(Object value) {
                                        if (value instanceof String text
                                                && NAME.matcher(text).matches()) {
                                            names.add(text);
                                        }
                                    }
                                };
                            }
                        },
                        ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return names;
    }
}
