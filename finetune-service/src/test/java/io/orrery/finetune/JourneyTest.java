package io.orrery.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class JourneyTest extends RunningFinetune {
    private static final String ROWS = "{\"text\":\"one\"}\n{\"text\":\"two\"}\n";

    @Test
    void aJobIsValidatedRunAndPublishedWithItsLineage() {
        String file = upload(ROWS);
        String id = submit(
                file,
                ",\"suffix\":\"first\",\"seed\":7,\"metadata\":{\"owner\":\"alice\"},\"method\":{\"type\":\"supervised\","
                        + "\"supervised\":{\"hyperparameters\":{\"n_epochs\":4,\"lora\":{\"rank\":4}}}}");

        JsonNode job = awaitStatus(id, "succeeded");

        assertThat(job.get("object").asString()).isEqualTo("fine_tuning.job");
        assertThat(job.get("fine_tuned_model").asString()).isEqualTo("lab/base:lab/first");
        assertThat(job.get("trained_tokens").asInt()).isEqualTo(20);
        assertThat(job.get("seed").asInt()).isEqualTo(7);
        assertThat(job.get("error").isNull()).isTrue();
        assertThat(job.get("organization_id").asString()).isEqualTo("lab");
        assertThat(job.at("/hyperparameters/n_epochs").asInt()).isEqualTo(4);
        assertThat(job.at("/hyperparameters/batch_size").asString()).isEqualTo("auto");
        assertThat(job.at("/method/supervised/hyperparameters/lora/rank").asInt())
                .isEqualTo(4);
        assertThat(job.at("/metadata/owner").asString()).isEqualTo("alice");
        assertThat(job.at("/x_lab/step").asInt()).isEqualTo(4);
        assertThat(job.at("/x_lab/output_commit").asString())
                .isEqualTo(HUB.repo("lab/first").commit());
        String card = HUB.text("lab/first", "README.md");
        assertThat(card)
                .contains(
                        "base_model: lab/base",
                        HUB.repo(BASE).commit(),
                        job.at("/x_lab/training_sha256").asString(),
                        "| 4 | 1.0000 |");
        assertThat(HUB.text("lab/first", "adapter_config.json"))
                .contains("\"lab/base\"", "\"revision\" : \"" + HUB.repo(BASE).commit() + "\"");
        assertThat(HUB.text("lab/first", "adapter_model.safetensors")).isEqualTo("weights after 4");
        assertThat(DATA.resolve("jobs").resolve(id)).doesNotExist();
    }

    @Test
    void eventsComeNewestFirstAndInPages() {
        String id = submit(upload(ROWS), "");
        awaitStatus(id, "succeeded");

        List<JsonNode> events = new ArrayList<>();
        JsonNode page = get("/v1/fine_tuning/jobs/" + id + "/events?limit=3&after=");
        page.get("data").forEach(events::add);
        while (page.get("has_more").asBoolean()) {
            page = get("/v1/fine_tuning/jobs/" + id + "/events?limit=3&after="
                    + page.get("last_id").asString());
            page.get("data").forEach(events::add);
        }

        assertThat(events.getFirst().get("message").asString()).isEqualTo("The job has successfully completed");
        assertThat(events.getLast().get("message").asString()).isEqualTo("Created fine-tuning job: " + id);
        List<JsonNode> metrics = events.stream()
                .filter(event -> event.get("type").asString().equals("metrics"))
                .toList();
        assertThat(metrics).extracting(event -> event.at("/data/step").asInt()).containsExactly(4, 3, 2, 1);
        assertThat(metrics.getFirst().get("message").asString()).isEqualTo("Step 4/4: training loss=1.0000");
        assertThat(metrics.getFirst().at("/data/tokens_per_second").asDouble()).isEqualTo(100);
        JsonNode checkpoints = get("/v1/fine_tuning/jobs/" + id + "/checkpoints");
        assertThat(checkpoints.get("data"))
                .extracting(item -> item.get("step_number").asInt())
                .containsExactly(4, 2);
        assertThat(checkpoints.at("/data/0/metrics/train_loss").asDouble()).isEqualTo(1);
    }

    @Test
    void jobsAreListedNewestFirstAndByMetadata() {
        String file = upload(ROWS);
        String first = submit(file, ",\"metadata\":{\"sweep\":\"a\",\"run\":\"1\"}");
        String second = submit(file, ",\"metadata\":{\"sweep\":\"a\",\"run\":\"2\"}");
        submit(file, ",\"metadata\":{\"sweep\":\"b\"}");

        assertThat(get("/v1/fine_tuning/jobs?metadata%5Bsweep%5D=a").get("data"))
                .extracting(job -> job.get("id").asString())
                .containsExactly(second, first);
        assertThat(get("/v1/fine_tuning/jobs?metadata%5Bsweep%5D=a&metadata%5Brun%5D=1")
                        .get("data"))
                .extracting(job -> job.get("id").asString())
                .containsExactly(first);
        JsonNode page = get("/v1/fine_tuning/jobs?limit=1&after=" + second);
        assertThat(page.get("data")).extracting(job -> job.get("id").asString()).containsExactly(first);
        assertThat(callAs(
                                Tokens.of("bob", "other", io.orrery.api.identity.Scope.TUNE_READ),
                                "GET",
                                "/v1/fine_tuning/jobs/" + first,
                                "application/json",
                                "")
                        .statusCode())
                .isEqualTo(404);
    }
}
