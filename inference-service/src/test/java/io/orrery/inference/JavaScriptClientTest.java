package io.orrery.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.identity.Scope;
import io.orrery.gateway.NodeScripts;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The real openai client, by the same script that asks it through the gateway. */
class JavaScriptClientTest extends RunningInference {
    @Test
    void openAisOwnClientListsChatsStreamsAndAborts() throws Exception {
        NodeScripts scripts = NodeScripts.install(Path.of("../gateway/src/test/node"), Path.of("target/node"));
        Map<String, String> environment = Map.of(
                "ORRERY_URL", url("").toString(),
                "ORRERY_KEY", Tokens.of("lab", Scope.INFERENCE),
                "ORRERY_MODEL", MODEL);
        List<JsonNode> steps = scripts
                .run(
                        environment,
                        "openai.mjs",
                        "models",
                        "chat",
                        "completion",
                        "stream",
                        "abort",
                        "unknownModel",
                        "wrongKey")
                .stream()
                .map(JSON::readTree)
                .toList();
        JsonNode models = steps.get(0);
        assertThat(models.get("ids").valueStream().map(JsonNode::asString)).contains(MODEL);
        assertThat(models.get("one").asString()).isEqualTo(MODEL);
        JsonNode chat = steps.get(1);
        assertThat(chat.get("finish").asString()).isEqualTo("length");
        assertThat(chat.at("/usage/completion_tokens").asInt()).isEqualTo(16);
        assertThat(steps.get(2).get("object").asString()).isEqualTo("text_completion");
        JsonNode stream = steps.get(3);
        assertThat(stream.get("content")).isEqualTo(chat.get("content"));
        assertThat(stream.get("ids").asInt()).isEqualTo(1);
        assertThat(stream.get("finish")).hasSize(1);
        assertThat(stream.get("usage")).isEqualTo(chat.get("usage"));
        assertThat(steps.get(4).get("aborted").asBoolean()).isTrue();
        assertThat(steps.get(5).get("type").asString()).isEqualTo("NotFoundError");
        assertThat(steps.get(5).get("code").asString()).isEqualTo("model_not_found");
        assertThat(steps.get(6).get("type").asString()).isEqualTo("AuthenticationError");
    }
}
