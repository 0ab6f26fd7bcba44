package org.acme.nativeguard;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Caffeine finds the class of a cache by a name that it puts together; Quarkus registers some of these. */
class CaffeineTest {

    private static final String FEATURE = "io.quarkus.caffeine.runtime.graal.CacheConstructorsFeature";

    @TempDir
    private Path sources;

    /** As every cache of the services is made. */
    public static final class SizeAndWrite implements Runnable {
        @Override
        public void run() {
            Caffeine.newBuilder()
                    .maximumSize(10)
                    .expireAfterWrite(Duration.ofSeconds(1))
                    .build()
                    .put(1, 2);
        }
    }

    /** As the cache of identities was made, until every request of an executable was answered with 500. */
    public static final class WeakAndAccess implements Runnable {
        @Override
        public void run() {
            Caffeine.newBuilder()
                    .weakKeys()
                    .expireAfterAccess(Duration.ofSeconds(1))
                    .build()
                    .put(1, 2);
        }
    }

    @BeforeEach
    void whatQuarkusRegisters() throws IOException, URISyntaxException {
        URL inJar = getClass().getClassLoader().getResource(FEATURE.replace('.', '/') + ".class");
        Path jar = Path.of(
                ((JarURLConnection) inJar.openConnection()).getJarFileURL().toURI());
        Files.copy(jar, sources.resolve("quarkus-caffeine.jar"));
        Files.writeString(sources.resolve("native-image.args"), "--features=" + FEATURE + " x");
    }

    @Test
    @DisplayName("A cache with a size and an expiry after write is registered")
    void registered() throws IOException, ReflectiveOperationException {
        assertThat(missing(SizeAndWrite.class)).isEmpty();
    }

    @Test
    @DisplayName("A cache of weak keys that expire after access is not, and is found by the classes' names")
    void unregistered() throws IOException, ReflectiveOperationException {
        assertThat(missing(WeakAndAccess.class))
                .extracting(Sight::type)
                .contains("com.github.benmanes.caffeine.cache.WSA", "com.github.benmanes.caffeine.cache.FSA");
    }

    private List<Sight> missing(Class<? extends Runnable> program) throws IOException, ReflectiveOperationException {
        Registered registered = Registered.in(sources);
        return Recorded.of(
                        program,
                        sources.resolve("test-1.tsv"),
                        "org.acme.nativeguard.CaffeineTest",
                        "com.github.benmanes.caffeine")
                .stream()
                .filter(sight -> sight.type().startsWith("com.github.benmanes.caffeine"))
                .filter(sight -> !registered.atBuildTime(sight) && !registered.has(sight))
                .toList();
    }
}
