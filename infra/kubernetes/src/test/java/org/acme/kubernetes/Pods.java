package org.acme.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Each pod of ours by itself: restricted, without rights in the cluster, of known size, and leaving in good time. */
final class Pods {

    /** What a pod that is told to end needs after preStop: requests under way, the lease, and a margin. */
    private static final int SECONDS_TO_END = 12;

    private Pods() {}

    static void check(Manifests manifests, Faults faults) {
        manifests.workloads().forEach(workload -> {
            pod(manifests, workload, faults);
            Manifests.containers(workload).forEach(container -> {
                image(workload, container, faults);
                faults.check(
                        !container.has("command") && !container.has("args"),
                        workload,
                        "runs another command than its image's");
                restricted(workload, container, faults);
                size(workload, container, faults);
                volumes(workload, container, faults);
                probes(workload, container, faults);
                leaving(workload, container, faults);
            });
        });
    }

    private static void pod(Manifests manifests, JsonNode workload, Faults faults) {
        JsonNode pod = Manifests.pod(workload);
        faults.check(
                isFalse(pod.path("automountServiceAccountToken")), workload, "has a token for the cluster mounted");
        faults.check(isFalse(pod.path("enableServiceLinks")), workload, "gets Services' addresses as variables");
        for (String host : List.of("hostNetwork", "hostPID", "hostIPC", "hostUsers")) {
            faults.check(!pod.has(host), workload, "has %s", host);
        }
        JsonNode security = pod.path("securityContext");
        faults.check(security.path("runAsNonRoot").asBoolean(), workload, "may run as root");
        faults.check(security.path("runAsUser").asInt() > 0, workload, "has no user by number");
        faults.check(
                security.at("/seccompProfile/type").asText().equals("RuntimeDefault"),
                workload,
                "has no seccomp profile");
        faults.check(
                workload.at("/spec/volumeClaimTemplates").isMissingNode()
                        || security.path("fsGroup").asInt() > 0,
                workload,
                "may not write to its volume");
        String account = pod.path("serviceAccountName").asText();
        boolean without = manifests
                .find("ServiceAccount", account)
                .filter(found -> isFalse(found.path("automountServiceAccountToken")))
                .isPresent();
        faults.check(without, workload, "its ServiceAccount '%s' is not there, or has a token", account);
    }

    private static void image(JsonNode workload, JsonNode container, Faults faults) {
        String image = container.path("image").asText();
        int colon = image.indexOf(':', image.lastIndexOf('/') + 1);
        faults.check(
                colon > 0 && !image.endsWith(":latest") || image.contains("@sha256:"),
                workload,
                "image %s is of no version",
                image);
    }

    private static void restricted(JsonNode workload, JsonNode container, Faults faults) {
        JsonNode security = container.path("securityContext");
        faults.check(isFalse(security.path("allowPrivilegeEscalation")), workload, "may gain rights");
        faults.check(security.path("readOnlyRootFilesystem").asBoolean(), workload, "may write to its image");
        faults.check(!security.path("privileged").asBoolean(), workload, "is privileged");
        JsonNode drop = security.at("/capabilities/drop");
        faults.check(drop.size() == 1 && drop.get(0).asText().equals("ALL"), workload, "keeps capabilities");
        faults.check(!security.path("capabilities").has("add"), workload, "adds capabilities");
        for (String field : List.of("runAsUser", "runAsNonRoot", "seccompProfile")) {
            faults.check(!security.has(field), workload, "says %s of a container, where the pod's counts", field);
        }
    }

    private static void size(JsonNode workload, JsonNode container, Faults faults) {
        JsonNode resources = container.path("resources");
        faults.check(resources.at("/requests/cpu").isTextual(), workload, "asks for no CPU");
        faults.check(resources.at("/requests/memory").isTextual(), workload, "asks for no memory");
        faults.check(resources.at("/limits/memory").isTextual(), workload, "has no limit of memory");
        faults.check(
                bytes(resources.at("/requests/memory")).compareTo(bytes(resources.at("/limits/memory"))) <= 0,
                workload,
                "asks for more memory than its limit");
        faults.check(resources.at("/limits/cpu").isMissingNode(), workload, "is throttled: it would lose its lease");
    }

    private static void volumes(JsonNode workload, JsonNode container, Faults faults) {
        Set<String> there = Manifests.stream(Manifests.pod(workload).path("volumes"))
                .map(volume -> volume.path("name").asText())
                .collect(Collectors.toCollection(HashSet::new));
        Manifests.stream(workload.at("/spec/volumeClaimTemplates")).forEach(claim -> there.add(Manifests.name(claim)));
        Set<String> mounted = new HashSet<>();
        Set<String> paths = new HashSet<>();
        Manifests.stream(container.path("volumeMounts")).forEach(mount -> {
            String name = mount.path("name").asText();
            mounted.add(name);
            faults.check(there.contains(name), workload, "mounts '%s', which it does not have", name);
            faults.check(paths.add(mount.path("mountPath").asText()), workload, "mounts two volumes at one path");
        });
        there.removeAll(mounted);
        faults.check(there.isEmpty(), workload, "does not mount %s", there);
        faults.check(paths.contains("/tmp"), workload, "has no /tmp to write to");
        Manifests.stream(Manifests.pod(workload).path("volumes")).forEach(volume -> {
            faults.check(!volume.has("hostPath"), workload, "has a folder of its node");
            faults.check(
                    !volume.has("emptyDir") || volume.at("/emptyDir/sizeLimit").isTextual(),
                    workload,
                    "volume '%s' has no limit",
                    volume.path("name").asText());
        });
    }

    private static void probes(JsonNode workload, JsonNode container, Faults faults) {
        for (String name : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
            JsonNode probe = container.path(name);
            long ways = List.of("httpGet", "tcpSocket", "exec", "grpc").stream()
                    .filter(probe::has)
                    .count();
            faults.check(ways == 1, workload, "%s asks nothing, or two things", name);
        }
        Stream.of("startupProbe", "readinessProbe", "livenessProbe")
                .map(name -> container.at("/" + name + "/exec/command"))
                .filter(command -> !command.isMissingNode())
                .forEach(command -> faults.check(
                        command.toString()
                                .equals("[\"/infra/docker/healthy\",\""
                                        + container.path("name").asText() + "\"]"),
                        workload,
                        "is asked by %s",
                        command));
        JsonNode startup = container.path("startupProbe");
        faults.check(
                startup.path("periodSeconds").asInt(10)
                                * startup.path("failureThreshold").asInt(3)
                        >= 60,
                workload,
                "has less than a minute to start");
    }

    private static void leaving(JsonNode workload, JsonNode container, Faults faults) {
        int grace =
                Manifests.pod(workload).path("terminationGracePeriodSeconds").asInt(30);
        int before = container.at("/lifecycle/preStop/sleep/seconds").asInt();
        faults.check(
                grace >= before + (before > 0 ? SECONDS_TO_END : 5),
                workload,
                "is killed %s s after preStop began, which takes %s s alone",
                grace,
                before);
    }

    private static BigDecimal bytes(JsonNode quantity) {
        try {
            return Quantity.getAmountInBytes(new Quantity(quantity.asText("0")));
        } catch (IllegalArgumentException e) {
            return BigDecimal.ZERO; // said already
        }
    }

    private static boolean isFalse(JsonNode value) {
        return value.isBoolean() && !value.booleanValue();
    }
}
