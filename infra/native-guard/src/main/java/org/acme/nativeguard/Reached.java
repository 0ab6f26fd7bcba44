package org.acme.nativeguard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.StackWalker.StackFrame;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.List;
import java.util.ResourceBundle;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.acme.nativeguard.Sight.Kind;

/**
 * Called by the application at the places that {@link CallSites} finds. Only what was found is noted: what is not there on the
 * JVM is not missed natively. Public for that one reason.
 */
public final class Reached {

    private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();
    private static volatile Writer out = Writer.nullWriter();

    private Reached() {}

    static void writeTo(Path file) throws IOException {
        SEEN.clear();
        Files.createDirectories(file.getParent());
        out = Files.newBufferedWriter(file);
    }

    // --- after a call: its result

    public static void type(Class<?> found, String caller) {
        if (found != null) {
            note(Kind.TYPE, found, "", caller);
        }
    }

    public static void instance(Object made, String caller) {
        if (made != null) {
            note(Kind.CONSTRUCTOR, made.getClass(), "<init>()", caller);
        }
    }

    public static void member(Object found, String caller) {
        if (found instanceof Field field) {
            note(Kind.FIELD, field.getDeclaringClass(), field.getName(), caller);
        } else if (found instanceof Constructor<?> constructor) {
            note(Kind.CONSTRUCTOR, constructor.getDeclaringClass(), signature("<init>", constructor), caller);
        } else if (found instanceof Method method) {
            note(Kind.METHOD, method.getDeclaringClass(), signature(method.getName(), method), caller);
        }
    }

    public static void proxy(Object made, String caller) {
        if (made != null) {
            note(Kind.PROXY, names(made.getClass().getInterfaces()), "", caller);
        }
    }

    public static void bundle(ResourceBundle found, String caller) {
        note(Kind.BUNDLE, found.getBaseBundleName(), "", caller);
    }

    // --- before a call for all members of a kind: the class

    public static void constructors(Class<?> of, String caller) {
        all(Kind.CONSTRUCTOR, of, caller);
    }

    public static void methods(Class<?> of, String caller) {
        all(Kind.METHOD, of, caller);
    }

    public static void fields(Class<?> of, String caller) {
        all(Kind.FIELD, of, caller);
    }

    private static void all(Kind kind, Class<?> of, String caller) {
        if (of != null) {
            note(kind, of, "", caller);
        }
    }

    // --- in place of a call

    public static URL getResource(Class<?> of, String name, String caller) {
        return resource(of, name, of.getResource(name), caller);
    }

    public static InputStream getResourceAsStream(Class<?> of, String name, String caller) {
        return resource(of, name, of.getResourceAsStream(name), caller);
    }

    public static URL getResource(ClassLoader of, String name, String caller) {
        return resource(null, name, of.getResource(name), caller);
    }

    public static InputStream getResourceAsStream(ClassLoader of, String name, String caller) {
        return resource(null, name, of.getResourceAsStream(name), caller);
    }

    public static Enumeration<URL> getResources(ClassLoader of, String name, String caller) throws IOException {
        Enumeration<URL> found = of.getResources(name);
        resource(null, name, found.hasMoreElements() ? found : null, caller);
        return found;
    }

    public static <S> ServiceLoader<S> load(Class<S> service, String caller) {
        note(Kind.SERVICE, service, "", caller);
        return ServiceLoader.load(service);
    }

    public static <S> ServiceLoader<S> load(Class<S> service, ClassLoader loader, String caller) {
        note(Kind.SERVICE, service, "", caller);
        return ServiceLoader.load(service, loader);
    }

    public static MethodHandle findConstructor(Lookup lookup, Class<?> of, MethodType type, String caller)
            throws ReflectiveOperationException {
        MethodHandle found = lookup.findConstructor(of, type);
        note(Kind.CONSTRUCTOR, of, "<init>(" + names(type.parameterArray()) + ")", caller);
        return found;
    }

    public static MethodHandle findVirtual(Lookup lookup, Class<?> of, String name, MethodType type, String caller)
            throws ReflectiveOperationException {
        return method(of, name, type, lookup.findVirtual(of, name, type), caller);
    }

    public static MethodHandle findStatic(Lookup lookup, Class<?> of, String name, MethodType type, String caller)
            throws ReflectiveOperationException {
        return method(of, name, type, lookup.findStatic(of, name, type), caller);
    }

    public static MethodHandle findGetter(Lookup lookup, Class<?> of, String name, Class<?> type, String caller)
            throws ReflectiveOperationException {
        return field(of, name, lookup.findGetter(of, name, type), caller);
    }

    public static MethodHandle findSetter(Lookup lookup, Class<?> of, String name, Class<?> type, String caller)
            throws ReflectiveOperationException {
        return field(of, name, lookup.findSetter(of, name, type), caller);
    }

    public static MethodHandle findStaticGetter(Lookup lookup, Class<?> of, String name, Class<?> type, String caller)
            throws ReflectiveOperationException {
        return field(of, name, lookup.findStaticGetter(of, name, type), caller);
    }

    public static VarHandle findVarHandle(Lookup lookup, Class<?> of, String name, Class<?> type, String caller)
            throws ReflectiveOperationException {
        return field(of, name, lookup.findVarHandle(of, name, type), caller);
    }

    public static VarHandle findStaticVarHandle(Lookup lookup, Class<?> of, String name, Class<?> type, String caller)
            throws ReflectiveOperationException {
        return field(of, name, lookup.findStaticVarHandle(of, name, type), caller);
    }

    private static MethodHandle method(Class<?> of, String name, MethodType type, MethodHandle found, String caller) {
        note(Kind.METHOD, of, name + "(" + names(type.parameterArray()) + ")", caller);
        return found;
    }

    private static <T> T field(Class<?> of, String name, T found, String caller) {
        note(Kind.FIELD, of, name, caller);
        return found;
    }

    private static <T> T resource(Class<?> of, String name, T found, String caller) {
        if (found != null) {
            String absolute = name.startsWith("/") ? name.substring(1) : name;
            if (of != null && !name.startsWith("/") && !of.getPackageName().isEmpty()) {
                absolute = of.getPackageName().replace('.', '/') + "/" + name;
            }
            note(Kind.RESOURCE, absolute, "", caller);
        }
        return found;
    }

    // ---

    private static String signature(String name, Executable executable) {
        return name + "(" + names(executable.getParameterTypes()) + ")";
    }

    private static String names(Class<?>[] types) {
        return Arrays.stream(types).map(Class::getTypeName).collect(Collectors.joining(","));
    }

    private static void note(Kind kind, Class<?> type, String member, String caller) {
        Class<?> element = type;
        while (element.isArray()) {
            element = element.getComponentType();
        }
        // What was made at run time has no name: lambdas and other hidden classes.
        if (!element.isPrimitive() && !element.isHidden()) {
            note(kind, element.getName(), member, caller);
        }
    }

    private static void note(Kind kind, String type, String member, String caller) {
        List<String> initializing = initializing();
        Sight sight = new Sight(kind, type, member, caller, initializing);
        if (SEEN.add(sight.line())) {
            write(sight.line());
        }
    }

    private static synchronized void write(String line) {
        try {
            out.write(line + "\n");
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> initializing() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> frame.getMethodName().equals("<clinit>"))
                        .map(StackFrame::getClassName)
                        .toList());
    }
}
