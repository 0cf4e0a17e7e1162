package io.orrery.standalone.deployment;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Kubernetes manifests as the API server would read them. */
final class Manifests {
    /** A generated type's own check. */
    private interface Check {
        void accept(JsonElement manifest) throws IOException;
    }

    private static final Gson GSON = JSON.createGson().create();
    private static final Map<String, Check> CHECKS = Map.of(
            "v1/Namespace", V1Namespace::validateJsonElement,
            "v1/Service", V1Service::validateJsonElement,
            "v1/Secret", V1Secret::validateJsonElement,
            "apps/v1/Deployment", V1Deployment::validateJsonElement,
            "apps/v1/StatefulSet", V1StatefulSet::validateJsonElement,
            "policy/v1/PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
            "networking.k8s.io/v1/NetworkPolicy", V1NetworkPolicy::validateJsonElement);

    private Manifests() {}

    /** The documents of a YAML text. */
    static List<JsonObject> parse(String yaml) {
        List<JsonObject> documents = new ArrayList<>();
        for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(yaml)) {
            documents.add(GSON.toJsonTree(document).getAsJsonObject());
        }
        return documents;
    }

    /** @throws IllegalArgumentException naming what the API server would refuse */
    static void check(JsonObject manifest) throws IOException {
        String kind = manifest.get("apiVersion").getAsString() + "/"
                + manifest.get("kind").getAsString();
        Check check = CHECKS.get(kind);
        if (check == null) {
            throw new IllegalArgumentException("no check for " + kind);
        }
        check.accept(manifest);
    }

    static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return here.endsWith("standalone") ? here.getParent() : here;
    }
}
