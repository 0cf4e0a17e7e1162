package io.orrery.standalone.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** docker-compose.yml against the part of the Compose specification that it uses: a key or a type beyond that fails. */
class ComposeTest {
    private static final Predicate<JsonElement> TEXT =
            value -> value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
    private static final Predicate<JsonElement> NUMBER =
            value -> value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
    private static final Predicate<JsonElement> FLAG =
            value -> value.isJsonPrimitive() && value.getAsJsonPrimitive().isBoolean();
    private static final Predicate<JsonElement> TEXTS = listOf(TEXT);
    private static final Predicate<JsonElement> ENVIRONMENT = mapOf(TEXT);
    private static final Predicate<JsonElement> DEVICE =
            object(Map.of("driver", TEXT, "device_ids", TEXTS, "capabilities", TEXTS), Set.of("capabilities"));
    private static final Predicate<JsonElement> SERVICE = object(
            Map.ofEntries(
                    Map.entry("image", TEXT),
                    Map.entry("build", object(Map.of("context", TEXT, "args", ENVIRONMENT), Set.of("context"))),
                    Map.entry("profiles", TEXTS),
                    Map.entry("restart", value -> value.getAsString().equals("unless-stopped")),
                    Map.entry("read_only", FLAG),
                    Map.entry("tmpfs", TEXTS),
                    Map.entry("cap_drop", TEXTS),
                    Map.entry("security_opt", TEXTS),
                    Map.entry("stop_grace_period", TEXT),
                    Map.entry("environment", ENVIRONMENT),
                    Map.entry("volumes", TEXTS),
                    Map.entry("ports", TEXTS),
                    Map.entry(
                            "healthcheck",
                            object(
                                    Map.of("test", TEXTS, "interval", TEXT, "timeout", TEXT, "retries", NUMBER),
                                    Set.of("test"))),
                    Map.entry(
                            "depends_on",
                            mapOf(object(
                                    Map.of(
                                            "condition",
                                            value -> Set.of("service_healthy", "service_started")
                                                    .contains(value.getAsString())),
                                    Set.of("condition")))),
                    Map.entry(
                            "deploy",
                            object(
                                    Map.of(
                                            "resources",
                                            object(
                                                    Map.of(
                                                            "reservations",
                                                            object(Map.of("devices", listOf(DEVICE)), Set.of())),
                                                    Set.of())),
                                    Set.of()))),
            Set.of("image"));

    @Test
    void theFileKeepsToTheSpecification() throws IOException {
        services()
                .entrySet()
                .forEach(service -> assertThat(SERVICE.test(service.getValue()))
                        .as(service.getKey())
                        .isTrue());
    }

    @Test
    void anUnknownKeyOrAWrongTypeFails() throws IOException {
        JsonObject gateway = services().getAsJsonObject("gateway");
        gateway.addProperty("port", "8080");
        assertThatThrownBy(() -> SERVICE.test(gateway)).hasMessageContaining("port");
        JsonObject other = services().getAsJsonObject("gateway");
        other.addProperty("ports", "8080:8080");
        assertThat(SERVICE.test(other)).isFalse();
    }

    @Test
    void whatIsNamedIsThere() throws IOException {
        JsonObject file = file();
        Set<String> names = services().keySet();
        assertThat(names)
                .contains(
                        "postgres",
                        "kafka",
                        "gateway",
                        "model-registry",
                        "finetune-service",
                        "inference-cpu",
                        "inference-gpu");
        for (Map.Entry<String, JsonElement> service : services().entrySet()) {
            JsonObject value = service.getValue().getAsJsonObject();
            if (value.has("depends_on")) {
                assertThat(names)
                        .as(service.getKey())
                        .containsAll(value.getAsJsonObject("depends_on").keySet());
                value.getAsJsonObject("depends_on").entrySet().stream()
                        .filter(other -> other.getValue().toString().contains("service_healthy"))
                        .forEach(other -> assertThat(file.getAsJsonObject("services")
                                        .getAsJsonObject(other.getKey())
                                        .has("healthcheck"))
                                .as("%s waits for the health of %s", service.getKey(), other.getKey())
                                .isTrue());
            }
            if (value.has("volumes")) {
                value.getAsJsonArray("volumes")
                        .forEach(volume -> assertThat(
                                        file.getAsJsonObject("volumes").keySet())
                                .contains(volume.getAsString().split(":")[0]));
            }
        }
        assertThat(services().entrySet().stream()
                        .filter(s -> s.getValue().getAsJsonObject().has("ports"))
                        .map(Map.Entry::getKey))
                .as("the only public door")
                .containsExactly("gateway");
    }

    private static JsonObject services() throws IOException {
        return file().getAsJsonObject("services");
    }

    private static JsonObject file() throws IOException {
        List<JsonObject> documents =
                Manifests.parse(Files.readString(Manifests.root().resolve("docker-compose.yml")));
        return documents.getFirst();
    }

    private static Predicate<JsonElement> listOf(Predicate<JsonElement> each) {
        return value ->
                value.isJsonArray() && value.getAsJsonArray().asList().stream().allMatch(each);
    }

    private static Predicate<JsonElement> mapOf(Predicate<JsonElement> each) {
        return value -> value.isJsonObject()
                && value.getAsJsonObject().asMap().values().stream().allMatch(each);
    }

    private static Predicate<JsonElement> object(Map<String, Predicate<JsonElement>> keys, Set<String> required) {
        return value -> {
            if (!value.isJsonObject()) {
                return false;
            }
            JsonObject object = value.getAsJsonObject();
            for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
                if (!keys.containsKey(entry.getKey())) {
                    throw new IllegalArgumentException("unknown key " + entry.getKey() + " in " + object);
                }
                if (!keys.get(entry.getKey()).test(entry.getValue())) {
                    return false;
                }
            }
            return object.keySet().containsAll(required);
        };
    }
}
