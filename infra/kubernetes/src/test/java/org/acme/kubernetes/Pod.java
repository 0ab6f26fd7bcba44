package org.acme.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pod of a rendered Deployment as a process of this machine: its variables, user, read-only root, /tmp and size, and the kubelet's part,
 * which asks its probes and lets it end as the manifest says. Not its image: the jar as it was built here, and this machine's java.
 */
final class Pod implements AutoCloseable {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private static final Pattern USE = Pattern.compile("\\$\\(([A-Za-z_]\\w*)\\)");

    private static final String CONTAINER =
            """
            mount --make-rprivate /
            mount --bind "$APP" /mnt
            mount -o remount,bind,ro /mnt
            mount -o remount,bind,ro /
            mount -t tmpfs -o "size=$TMP" tmpfs /tmp
            user=$USER
            unset APP TMP USER
            cd /mnt
            exec setpriv --reuid "$user" --regid "$user" --clear-groups --no-new-privs --bounding-set=-all "$@"
            """;

    private final JsonNode deployment;
    private final JsonNode container;
    private final int port;
    private final Process process;
    private final Path app;
    private final Path output;

    private Pod(JsonNode deployment, int port, Process process, Path app, Path output) {
        this.deployment = deployment;
        this.container = Manifests.pod(deployment).at("/containers/0");
        this.port = port;
        this.process = process;
        this.app = app;
        this.output = output;
    }

    /**
     * @param addresses what stands for a host and port of the cluster on this machine
     * @param port where it listens, since all pods share this machine's address
     */
    static Pod start(Manifests manifests, JsonNode deployment, Map<String, String> addresses, int port)
            throws IOException, InterruptedException {
        String service = Manifests.name(deployment);
        JsonNode pod = Manifests.pod(deployment);
        String memory = pod.at("/containers/0/resources/limits/memory").asText().replace("Mi", "m");
        List<String> line = new ArrayList<>(List.of("unshare", "--mount", "bash", "-euc", CONTAINER, "-"));
        line.addAll(List.of(
                "java",
                "-XX:MaxRAM=" + memory,
                "-XX:InitialRAMPercentage=50",
                "-XX:MaxRAMPercentage=50",
                "-XX:+ExitOnOutOfMemoryError",
                "-jar",
                "quarkus-run.jar"));
        Path app = Files.createTempDirectory(Shell.HERE.resolve("target"), service + "-" + port + "-");
        // As in an image: readable for everybody.
        Shell.run(
                app,
                Map.of(
                        "APP",
                        Shell.REPOSITORY
                                .resolve(service + "/target/quarkus-app")
                                .toString()),
                "bash",
                "-euc",
                "cp -r \"$APP\"/. . && chmod -R a+rX .");
        Path output = Files.createTempFile(Shell.HERE.resolve("target"), service + "-" + port + "-", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(List.of("PATH"));
        environment.put("APP", app.toString());
        environment.put("TMP", pod.at("/volumes/0/emptyDir/sizeLimit").asText().replace("Mi", "m"));
        environment.put("USER", pod.at("/securityContext/runAsUser").asText());
        variables(manifests, pod.at("/containers/0")).forEach((name, value) -> {
            String here = value;
            for (Map.Entry<String, String> address : addresses.entrySet()) {
                here = here.replace(address.getKey(), address.getValue());
            }
            environment.put(name, here);
        });
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        return new Pod(deployment, port, builder.start(), app, output);
    }

    /** As a kubelet resolves them. */
    private static Map<String, String> variables(Manifests manifests, JsonNode container) {
        Map<String, String> all = new LinkedHashMap<>();
        Manifests.stream(container.path("envFrom"))
                .forEach(from -> all.putAll(Manifests.texts(manifests
                        .find("ConfigMap", from.at("/configMapRef/name").asText())
                        .orElseThrow()
                        .path("data"))));
        Manifests.stream(container.path("env")).forEach(variable -> {
            JsonNode reference = variable.at("/valueFrom/secretKeyRef");
            String value = reference.isMissingNode()
                    ? USE.matcher(variable.path("value").asText())
                            .replaceAll(use -> Matcher.quoteReplacement(all.get(use.group(1))))
                    : secret(manifests, reference);
            all.put(variable.path("name").asText(), value);
        });
        return all;
    }

    private static String secret(Manifests manifests, JsonNode reference) {
        String value = manifests
                .find("Secret", reference.path("name").asText())
                .orElseThrow()
                .at("/data/" + reference.path("key").asText())
                .asText();
        return new String(Base64.getMimeDecoder().decode(value), StandardCharsets.UTF_8);
    }

    /** Started, ready, and then for minReadySeconds more, alive all the while. */
    void awaitAvailable() {
        await("startupProbe", startLimit());
        await("readinessProbe", Duration.ofSeconds(30));
        Instant available =
                Instant.now().plusSeconds(deployment.at("/spec/minReadySeconds").asInt());
        while (Instant.now().isBefore(available)) {
            if (!answers("livenessProbe") || !answers("readinessProbe")) {
                throw new AssertionError("not ready any more: " + output);
            }
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        }
    }

    private Duration startLimit() {
        JsonNode probe = container.path("startupProbe");
        return Duration.ofSeconds((long) probe.path("periodSeconds").asInt()
                * probe.path("failureThreshold").asInt());
    }

    private void await(String probe, Duration limit) {
        Instant deadline = Instant.now().plus(limit);
        while (!answers(probe)) {
            if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                throw new AssertionError(probe + " is not answered; see " + output);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    private boolean answers(String probe) {
        URI url = URI.create("http://127.0.0.1:" + port
                + container.at("/" + probe + "/httpGet/path").asText());
        Duration timeout =
                Duration.ofSeconds(container.at("/" + probe + "/timeoutSeconds").asInt(1));
        try {
            return CLIENT.send(
                                    HttpRequest.newBuilder(url).timeout(timeout).build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Told to end, as a kubelet does: preStop, then SIGTERM.
     *
     * @return how long it took from SIGTERM; it was not killed
     */
    Duration leave() throws InterruptedException {
        int grace =
                Manifests.pod(deployment).path("terminationGracePeriodSeconds").asInt();
        int before = container.at("/lifecycle/preStop/sleep/seconds").asInt();
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(before));
        Instant told = Instant.now();
        process.destroy();
        if (!process.waitFor((long) grace - before, TimeUnit.SECONDS)) {
            throw new AssertionError("it would have been killed: " + output);
        }
        return Duration.between(told, Instant.now());
    }

    int port() {
        return port;
    }

    String said() {
        return Shell.read(output);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        try {
            Overlays.delete(app);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
