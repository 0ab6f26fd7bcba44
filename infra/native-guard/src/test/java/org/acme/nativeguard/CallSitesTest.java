package org.acme.nativeguard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.acme.nativeguard.Sight.Kind;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallSitesTest {

    /** Reaches something in each way, by values that no compiler knows, and in the end by constants. */
    public static final class Program implements Runnable {

        private static final Object MADE_AT_BUILD_TIME = made(here("$Initializer"));

        @Override
        public void run() {
            try {
                made(here("$Target"));
                Class<?> target = Class.forName(here("$Target"));
                target.getMethods();
                target.getDeclaredField(word("field"));
                target.getMethod(word("method"), int.class);
                MethodHandles.lookup().findConstructor(target, MethodType.methodType(void.class));
                try (InputStream file = target.getResourceAsStream(word("CallSitesTest.class"))) {
                    file.read();
                }
                target.getResource(word("nowhere"));
                getClass().getClassLoader().loadClass(word("java.util.ArrayDeque"));
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Runnable.class}, (p, m, a) -> null);
                ServiceLoader.load(Runnable.class).findFirst();
                absent();
                Class.forName("java.util.ArrayList");
                String.class.getMethod("length");
            } catch (ReflectiveOperationException | IOException e) {
                throw new IllegalStateException(e);
            }
        }

        private static void absent() {
            try {
                Class.forName(word("org.acme.Absent"));
            } catch (ClassNotFoundException expected) {
                // Not there on the JVM: nothing is missed natively.
            }
        }

        private static Object made(String name) {
            try {
                return Class.forName(name).getDeclaredConstructor().newInstance();
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }

        private static String here(String name) {
            return Program.class.getName().replace("$Program", name);
        }

        private static String word(String text) {
            return text.strip();
        }
    }

    public static final class Target {
        public int field;

        public void method(int argument) {
            field = argument;
        }
    }

    public static final class Initializer {}

    @TempDir
    private Path folder;

    @Test
    @DisplayName(
            "What is reached by reflection, by name, as a resource, proxy or service is noted; what a compiler follows is not")
    void noted() throws IOException, ReflectiveOperationException {
        String target = Target.class.getName();
        List<Sight> sights =
                Recorded.of(Program.class, folder.resolve("test-1.tsv"), "org.acme.nativeguard.CallSitesTest");
        assertThat(sights)
                .filteredOn(sight -> sight.initializing().isEmpty())
                .extracting(Sight::kind, Sight::type, Sight::member)
                .contains(
                        tuple(Kind.TYPE, target, ""),
                        tuple(Kind.CONSTRUCTOR, target, "<init>()"),
                        tuple(Kind.METHOD, target, ""),
                        tuple(Kind.METHOD, target, "method(int)"),
                        tuple(Kind.FIELD, target, "field"),
                        tuple(Kind.RESOURCE, "org/acme/nativeguard/CallSitesTest.class", ""),
                        tuple(Kind.TYPE, "java.util.ArrayDeque", ""),
                        tuple(Kind.PROXY, "java.lang.Runnable", ""),
                        tuple(Kind.SERVICE, "java.lang.Runnable", ""));
        assertThat(sights)
                .extracting(Sight::type)
                .doesNotContain(
                        "java.util.ArrayList", "java.lang.String", "org.acme.Absent", "org/acme/nativeguard/nowhere");
        assertThat(sights)
                .filteredOn(sight -> sight.type().equals(Initializer.class.getName()))
                .isNotEmpty()
                .allSatisfy(sight -> assertThat(sight.initializing()).containsExactly(Program.class.getName()));
    }

    private static Tuple tuple(Object... values) {
        return Tuple.tuple(values);
    }
}
