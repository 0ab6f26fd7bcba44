package org.acme.nativeguard;

import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;
import org.objectweb.asm.tree.analysis.SourceInterpreter;
import org.objectweb.asm.tree.analysis.SourceValue;

/**
 * Has every class of the application tell {@link Reached} what it reaches by reflection or by name. A call whose arguments are
 * constants of its method is left out: the native compiler follows those by itself.
 */
final class CallSites implements ClassFileTransformer {

    private static final String REACHED = "org/acme/nativeguard/Reached";
    private static final String LOOKUP = "java/lang/invoke/MethodHandles$Lookup";
    private static final Set<String> OF_LOADERS = Set.of("getResource", "getResourceAsStream", "getResources");

    private static final Map<String, String> ALL_MEMBERS = Map.of(
            "getConstructors", "constructors",
            "getDeclaredConstructors", "constructors",
            "getMethods", "methods",
            "getDeclaredMethods", "methods",
            "getFields", "fields",
            "getDeclaredFields", "fields",
            "getRecordComponents", "methods");
    private static final Set<String> ONE_MEMBER = Set.of(
            "getConstructor",
            "getDeclaredConstructor",
            "getMethod",
            "getDeclaredMethod",
            "getField",
            "getDeclaredField");
    private static final Set<String> HANDLES = Set.of(
            "findConstructor",
            "findVirtual",
            "findStatic",
            "findGetter",
            "findSetter",
            "findStaticGetter",
            "findVarHandle",
            "findStaticVarHandle");

    @Override
    public byte[] transform(
            ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] bytes) {
        if (loader == null
                || loader == ClassLoader.getPlatformClassLoader()
                || name == null
                || name.startsWith("org/acme/nativeguard/")
                || name.startsWith("org/objectweb/asm/")) {
            return null;
        }
        try {
            return told(bytes);
        } catch (RuntimeException | AnalyzerException e) {
            // The JVM would drop it silently.
            System.err.println("native-guard: " + name + " is not watched: " + e);
            return null;
        }
    }

    /** @return null when the class reaches nothing in these ways */
    static byte[] told(byte[] bytes) throws AnalyzerException {
        ClassNode type = new ClassNode();
        new ClassReader(bytes).accept(type, 0);
        boolean changed = false;
        for (MethodNode method : type.methods) {
            changed |= tell(type, method);
        }
        if (!changed) {
            return null;
        }
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        type.accept(writer);
        return writer.toByteArray();
    }

    private static boolean tell(ClassNode type, MethodNode method) throws AnalyzerException {
        List<MethodInsnNode> calls = new ArrayList<>();
        for (AbstractInsnNode instruction : method.instructions) {
            if (instruction instanceof MethodInsnNode call && hook(call) != null) {
                calls.add(call);
            }
        }
        if (calls.isEmpty()) {
            return false;
        }
        Frame<SourceValue>[] frames = new Analyzer<>(new SourceInterpreter()).analyze(type.name, method);
        List<MethodInsnNode> followed = new ArrayList<>();
        for (MethodInsnNode call : calls) {
            Frame<SourceValue> frame = frames[method.instructions.indexOf(call)];
            if (frame == null || constant(call, frame)) {
                followed.add(call);
            }
        }
        calls.removeAll(followed);
        String caller = type.name.replace('/', '.') + "#" + method.name;
        calls.forEach(call -> hook(call).into(method.instructions, call, caller));
        return !calls.isEmpty();
    }

    /** The class and the name that such a call needs are constants. */
    private static boolean constant(MethodInsnNode call, Frame<SourceValue> frame) {
        int arguments = Type.getArgumentTypes(call.desc).length;
        int receiver = call.getOpcode() == Opcodes.INVOKESTATIC ? 0 : 1;
        int first = frame.getStackSize() - arguments - receiver;
        if (call.owner.equals(LOOKUP)) {
            return arguments > 1
                    && constant(frame, first + 1)
                    && (call.name.equals("findConstructor") || constant(frame, first + 2));
        }
        if (!call.owner.equals("java/lang/Class")) {
            return false;
        }
        boolean named = call.desc.startsWith("(Ljava/lang/String;");
        return constant(frame, first) && (!named || receiver == 0 || constant(frame, first + 1));
    }

    private static boolean constant(Frame<SourceValue> frame, int index) {
        Set<AbstractInsnNode> sources = frame.getStack(index).insns;
        return !sources.isEmpty() && sources.stream().allMatch(LdcInsnNode.class::isInstance);
    }

    private static Hook hook(MethodInsnNode call) {
        boolean virtual = call.getOpcode() == Opcodes.INVOKEVIRTUAL;
        return switch (call.owner) {
            case "java/lang/Class" -> ofClass(call);
            case LOOKUP ->
                HANDLES.contains(call.name)
                        ? instead(call)
                        : call.name.equals("findClass") ? after("type", "Ljava/lang/Class;") : null;
            case "java/util/ServiceLoader" ->
                call.name.equals("load") && !call.desc.contains("ModuleLayer") ? instead(call) : null;
            case "java/lang/reflect/Proxy" ->
                call.name.equals("newProxyInstance") ? after("proxy", "Ljava/lang/Object;") : null;
            case "java/util/ResourceBundle" ->
                call.name.equals("getBundle") ? after("bundle", "Ljava/util/ResourceBundle;") : null;
            default -> {
                if (virtual
                        && call.name.equals("loadClass")
                        && call.desc.equals("(Ljava/lang/String;)Ljava/lang/Class;")) {
                    yield after("type", "Ljava/lang/Class;");
                }
                yield virtual && call.owner.equals("java/lang/ClassLoader") && OF_LOADERS.contains(call.name)
                        ? instead(call)
                        : null;
            }
        };
    }

    private static Hook ofClass(MethodInsnNode call) {
        if (call.name.equals("forName") && !call.desc.contains("Module")) {
            return after("type", "Ljava/lang/Class;");
        }
        if (call.name.equals("newInstance")) {
            return after("instance", "Ljava/lang/Object;");
        }
        if (ONE_MEMBER.contains(call.name)) {
            return after("member", "Ljava/lang/Object;");
        }
        if (ALL_MEMBERS.containsKey(call.name)) {
            return before(ALL_MEMBERS.get(call.name));
        }
        return call.name.equals("getResource") || call.name.equals("getResourceAsStream") ? instead(call) : null;
    }

    /** What is put where a call is. */
    private interface Hook {
        void into(InsnList instructions, MethodInsnNode call, String caller);
    }

    private static Hook after(String name, String argument) {
        return (instructions, call, caller) ->
                instructions.insert(call, copyOfTop(name, "(" + argument + "Ljava/lang/String;)V", caller));
    }

    private static Hook before(String name) {
        return (instructions, call, caller) ->
                instructions.insertBefore(call, copyOfTop(name, "(Ljava/lang/Class;Ljava/lang/String;)V", caller));
    }

    private static Hook instead(MethodInsnNode original) {
        String receiver = original.getOpcode() == Opcodes.INVOKESTATIC ? "" : "L" + original.owner + ";";
        String arguments = original.desc.substring(1, original.desc.indexOf(')'));
        String result = original.desc.substring(original.desc.indexOf(')') + 1);
        String descriptor = "(" + receiver + arguments + "Ljava/lang/String;)" + result;
        return (instructions, call, caller) -> {
            instructions.insertBefore(call, new LdcInsnNode(caller));
            instructions.set(call, new MethodInsnNode(Opcodes.INVOKESTATIC, REACHED, call.name, descriptor));
        };
    }

    private static InsnList copyOfTop(String name, String descriptor, String caller) {
        InsnList list = new InsnList();
        list.add(new InsnNode(Opcodes.DUP));
        list.add(new LdcInsnNode(caller));
        list.add(new MethodInsnNode(Opcodes.INVOKESTATIC, REACHED, name, descriptor));
        return list;
    }
}
