package io.orrery.standalone.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesTest {
    private static final Path K8S = Manifests.root().resolve("k8s");

    @Test
    void everyManifestIsWhatTheApiServerTakes() throws IOException {
        for (JsonObject manifest : base()) {
            Manifests.check(manifest);
        }
    }

    @Test
    void anUnknownFieldOrAWrongTypeFails() throws IOException {
        JsonObject unknown = find("Deployment", "gateway");
        unknown.getAsJsonObject("spec").addProperty("replica", 2);
        assertThatThrownBy(() -> Manifests.check(unknown)).hasMessageContaining("replica");
        JsonObject wrong = find("Deployment", "gateway");
        wrong.getAsJsonObject("spec").addProperty("selector", "gateway");
        assertThatThrownBy(() -> Manifests.check(wrong)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void everyPodIsRestrictedProbedAndLimited() throws IOException {
        for (JsonObject workload : workloads()) {
            String name = name(workload);
            JsonObject pod = path(workload, "spec", "template", "spec");
            assertThat(path(pod, "securityContext").get("runAsNonRoot").getAsBoolean())
                    .as(name)
                    .isTrue();
            assertThat(path(pod, "securityContext", "seccompProfile")
                            .get("type")
                            .getAsString())
                    .as(name)
                    .isEqualTo("RuntimeDefault");
            for (JsonElement each : pod.getAsJsonArray("containers")) {
                JsonObject container = each.getAsJsonObject();
                JsonObject security = path(container, "securityContext");
                assertThat(security.get("allowPrivilegeEscalation").getAsBoolean())
                        .as(name)
                        .isFalse();
                assertThat(security.get("readOnlyRootFilesystem").getAsBoolean())
                        .as(name)
                        .isTrue();
                assertThat(path(security, "capabilities").getAsJsonArray("drop").toString())
                        .as(name)
                        .isEqualTo("[\"ALL\"]");
                assertThat(container.keySet()).as(name).contains("startupProbe", "livenessProbe", "readinessProbe");
                assertThat(path(container, "resources", "limits").has("memory"))
                        .as(name)
                        .isTrue();
                assertThat(path(container, "resources", "requests").keySet())
                        .as(name)
                        .contains("cpu", "memory");
            }
        }
    }

    @Test
    void everyWorkloadHasABudgetAndAPolicyAndTheRestIsDenied() throws IOException {
        for (JsonObject workload : workloads()) {
            assertThat(find("PodDisruptionBudget", name(workload))).isNotNull();
            assertThat(find("NetworkPolicy", name(workload))).isNotNull();
        }
        assertThat(path(find("NetworkPolicy", "default-deny"), "spec").toString())
                .isEqualTo("{\"podSelector\":{},\"policyTypes\":[\"Ingress\",\"Egress\"]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev", "gpu"})
    void overlaysRender(String overlay) throws Exception {
        List<JsonObject> rendered = Manifests.parse(kustomize(overlay));
        assertThat(rendered).hasSizeGreaterThanOrEqualTo(base().size());
        for (JsonObject manifest : rendered) {
            Manifests.check(manifest);
        }
    }

    @Test
    void theGpuOverlayPinsOneGpuToEachInferencePod() throws Exception {
        JsonObject inference = Manifests.parse(kustomize("gpu")).stream()
                .filter(manifest -> is(manifest, "StatefulSet", "inference-service"))
                .findFirst()
                .orElseThrow();
        JsonObject container = path(inference, "spec", "template", "spec")
                .getAsJsonArray("containers")
                .get(0)
                .getAsJsonObject();
        assertThat(path(container, "resources", "limits").get("nvidia.com/gpu").getAsInt())
                .isEqualTo(1);
        assertThat(container.getAsJsonArray("env").toString())
                .contains("\"ORRERY_INFERENCE_DEVICE\",\"value\":\"cuda:0\"");
    }

    private static String kustomize(String overlay) throws IOException, InterruptedException {
        Path kubectl = Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, "kubectl"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(Path.of("kubectl"));
        assumeTrue(Files.isExecutable(kubectl), "no kubectl here: overlays are not rendered");
        Process process = new ProcessBuilder(
                        kubectl.toString(),
                        "kustomize",
                        K8S.resolve("overlays").resolve(overlay).toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static List<JsonObject> base() throws IOException {
        List<JsonObject> manifests = new ArrayList<>();
        try (Stream<Path> files = Files.walk(K8S.resolve("base"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()) {
                if (!file.endsWith("kustomization.yaml")) {
                    manifests.addAll(Manifests.parse(Files.readString(file)));
                }
            }
        }
        return manifests;
    }

    private static List<JsonObject> workloads() throws IOException {
        List<JsonObject> workloads = base().stream()
                .filter(manifest -> List.of("Deployment", "StatefulSet")
                        .contains(manifest.get("kind").getAsString()))
                .toList();
        assertThat(workloads).hasSize(6);
        return workloads;
    }

    private static JsonObject find(String kind, String name) throws IOException {
        return base().stream()
                .filter(manifest -> is(manifest, kind, name))
                .findFirst()
                .orElseThrow();
    }

    private static boolean is(JsonObject manifest, String kind, String name) {
        return manifest.get("kind").getAsString().equals(kind) && name(manifest).equals(name);
    }

    private static String name(JsonObject manifest) {
        return path(manifest, "metadata").get("name").getAsString();
    }

    private static JsonObject path(JsonObject from, String... keys) {
        JsonObject at = from;
        for (String key : keys) {
            assertThat(at.has(key)).as("%s in %s", key, at).isTrue();
            at = at.getAsJsonObject(key);
        }
        return at;
    }
}
