package io.orrery.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.identity.Scope;
import io.orrery.api.inference.ResidentModel;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Which models are on the device, under which names, and for whom. */
class ResidencyTest extends RunningInference {
    @Test
    void aRevisionIsAnotherModelAndAMovedBranchIsNoticed() {
        String first = HUB.commit("lab/moving", TinyFolder.write(FOLDER.resolve("moving-1"), 21));
        String before = say("lab/moving");
        String second = HUB.commit("lab/moving", TinyFolder.write(FOLDER.resolve("moving-2"), 22));
        await("the branch's new commit answers", () -> !say("lab/moving").equals(before));
        await("the old commit is gone", () -> commits("lab/moving").equals(List.of(second)));

        assertThat(say("lab/moving@" + first)).isEqualTo(before);
        assertThat(commits("lab/moving"))
                .as("it was asked for by name, and stays")
                .contains(first, second);
        assertThat(error("lab/moving@nowhere", 404).at("/error/code").asString())
                .isEqualTo("model_not_found");
    }

    @Test
    void manyWhoAskAtOnceShareOneLoad() throws Exception {
        HUB.commit("lab/wanted", TinyFolder.write(FOLDER.resolve("wanted"), 23));
        HUB.delay("lab/wanted", Duration.ofMillis(200));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                answers.add(threads.submit(() -> say("lab/wanted")));
            }
            for (Future<String> answer : answers) {
                assertThat(answer.get()).isEqualTo(answers.getFirst().get());
            }
        }
        assertThat(HUB.requestsFor("/api/models/lab/wanted/tree/")).isEqualTo(1);
        assertThat(commits("lab/wanted")).hasSize(1);
    }

    @Test
    void theLeastRecentlyUsedGoesWhereMemoryIsFull() {
        for (int i = 0; i < 4; i++) {
            HUB.commit("lab/lru-" + i, TinyFolder.write(FOLDER.resolve("lru-" + i), 30 + i));
        }
        say("lab/lru-0");
        say("lab/lru-1");
        say("lab/lru-2");
        say("lab/lru-0");
        say("lab/lru-3");
        assertThat(models.resident().stream().map(ResidentModel::model))
                .contains("lab/lru-0", "lab/lru-2", "lab/lru-3")
                .doesNotContain("lab/lru-1");
        assertThat(models.memoryUsed()).isLessThanOrEqualTo(models.memoryTotal());
        assertThat(say("lab/lru-1")).isNotEmpty();
    }

    @Test
    void whatCannotBeLoadedSaysWhyAndLeavesNothing() throws Exception {
        Path truncated = TinyFolder.write(FOLDER.resolve("truncated"), 24);
        Path weights = truncated.resolve("model.safetensors");
        Files.write(weights, Arrays.copyOf(Files.readAllBytes(weights), 5000));
        HUB.commit("lab/truncated", truncated);
        JsonNode error = error("lab/truncated", 400);
        assertThat(error.at("/error/code").asString()).isEqualTo("model_not_loadable");
        assertThat(error.at("/error/param").asString()).isEqualTo("model");
        assertThat(error.at("/error/message").asString())
                .startsWith("The model lab/truncated cannot be loaded: ")
                .contains("model.safetensors");
        assertThat(models.resident()).extracting(ResidentModel::model).doesNotContain("lab/truncated");
        assertThat(error("lab/none", 404).at("/error/code").asString()).isEqualTo("model_not_found");
        assertThat(error("nonsense", 404).at("/error/code").asString()).isEqualTo("model_not_found");
    }

    @Test
    void aModelWithoutAChatTemplateIsOnlyCompleted() {
        HUB.commit("lab/plain", TinyFolder.write(FOLDER.resolve("plain"), 25, false));
        HttpResponse<String> chat =
                post("/v1/chat/completions", "{'model':'lab/plain','messages':[{'role':'user','content':'hi'}]}");
        assertThat(chat.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(chat.body()).at("/error/message").asString())
                .isEqualTo(
                        "The model lab/plain has no chat template; ask it through /v1/completions, or add a chat_template"
                                + " to its tokenizer_config.json.");
        assertThat(say("lab/plain")).isNotEmpty();
    }

    @Test
    void adaptersGoOverTheBaseThatTheyWereMadeOn() {
        String base = HUB.commit("lab/base", TinyFolder.write(FOLDER.resolve("base-1"), 26), "text-generation");
        HUB.commit("lab/other", TinyFolder.write(FOLDER.resolve("other"), 27));
        HUB.commit(
                "lab/tuned",
                TinyFolder.adapter(FOLDER.resolve("tuned"), "lab/base", Optional.of(base), 1),
                "text-generation",
                "base_model:adapter:lab/base");
        String plain = say("lab/base");
        String tuned = say("lab/base:lab/tuned");
        assertThat(tuned).isNotEqualTo(plain);
        assertThat(say("lab/base")).isEqualTo(plain);
        assertThat(say("lab/base:lab/tuned@main")).isEqualTo(tuned);
        assertThat(models.resident().stream()
                        .filter(m -> m.model().equals("lab/base"))
                        .flatMap(m -> m.adapters().stream()))
                .containsExactly("lab/tuned");

        JsonNode wrong = error("lab/other:lab/tuned", 400);
        assertThat(wrong.at("/error/code").asString()).isEqualTo("wrong_base_model");
        assertThat(wrong.at("/error/message").asString())
                .isEqualTo(
                        "The adapter lab/tuned was made on lab/base and not on lab/other; ask for lab/base:lab/tuned.");
        assertThat(error("lab/base:lab/none", 404).at("/error/code").asString()).isEqualTo("model_not_found");

        HUB.commit("lab/base", TinyFolder.write(FOLDER.resolve("base-2"), 28), "text-generation");
        await("the base has moved", () -> !say("lab/base").equals(plain));
        assertThat(say("lab/base:lab/tuned"))
                .as("over the commit that it was made on")
                .isEqualTo(tuned);
        assertThat(ids()).contains("lab/base", "lab/base:lab/tuned").doesNotContain("lab/tuned", "lab/other");
    }

    @Test
    void aPrivateModelIsItsProjectsAlone() {
        HUB.commit("lab/secret", TinyFolder.write(FOLDER.resolve("secret"), 29), "text-generation");
        HUB.hide("lab/secret", "insiders");
        assertThat(sayAs("insiders", "lab/secret").statusCode()).isEqualTo(200);
        assertThat(sayAs("lab", "lab/secret").statusCode())
                .as("resident, but not for everybody")
                .isEqualTo(404);
        assertThat(ids()).doesNotContain("lab/secret").contains(MODEL);
        assertThat(get("/v1/models/lab/secret").statusCode()).isEqualTo(404);
    }

    @Test
    void aRegistryThatIsAwayDoesNotStopWhatIsResident() {
        String said = say(MODEL);
        HUB.away(true);
        assertThat(say(MODEL)).isEqualTo(said);
        HttpResponse<String> other = post("/v1/completions", "{'model':'lab/unseen','prompt':'x'}");
        assertThat(other.statusCode()).isEqualTo(503);
        assertThat(other.headers().firstValue("Retry-After")).isPresent();
        assertThat(JSON.readTree(other.body()).at("/error/type").asString()).isEqualTo("server_error");
    }

    @Test
    void oneModelIsFoundUnderAnEncodedOrARawId() {
        assertThat(JSON.readTree(get("/v1/models/lab/tiny").body()).get("id").asString())
                .isEqualTo(MODEL);
        assertThat(JSON.readTree(get("/v1/models/lab%2Ftiny").body()).get("id").asString())
                .isEqualTo(MODEL);
        assertThat(get("/v1/models/lab%2Fnone").statusCode()).isEqualTo(404);
    }

    private List<String> ids() {
        return JSON.readTree(get("/v1/models").body())
                .get("data")
                .valueStream()
                .map(model -> model.get("id").asString())
                .toList();
    }

    private String say(String model) {
        return answer("/v1/completions", "{'model':'" + model + "','prompt':'the','max_tokens':12,'temperature':0}")
                .at("/choices/0/text")
                .asString();
    }

    private HttpResponse<String> sayAs(String project, String model) {
        return send(request(Tokens.of(project, Scope.INFERENCE), "/v1/completions")
                .POST(BodyPublishers.ofString("{\"model\":\"" + model + "\",\"prompt\":\"the\",\"max_tokens\":2}"))
                .build());
    }

    private JsonNode error(String model, int status) {
        HttpResponse<String> response =
                post("/v1/completions", "{'model':'" + model + "','prompt':'x','max_tokens':1}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return JSON.readTree(response.body());
    }

    private List<String> commits(String model) {
        return models.resident().stream()
                .filter(resident -> resident.model().equals(model))
                .map(ResidentModel::commit)
                .toList();
    }
}
