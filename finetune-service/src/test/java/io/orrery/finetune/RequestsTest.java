package io.orrery.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Requests that cannot be, each refused at once with the parameter and a sentence. */
class RequestsTest extends RunningFinetune {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {}                                                            | model                              | 'model' is missing
            {'model':'lab/base'}                                          | training_file                      | 'training_file' is missing
            {'modle':'lab/base'}                                          | modle                              | did you mean 'model'?
            {'model':7.5,'training_file':{}}                              | training_file                      | wrong type
            {'model':'lab/base:lab/x','training_file':'FILE'}             | model                              | An adapter cannot be tuned further
            {'model':'lab/absent','training_file':'FILE'}                 | model                              | no model 'lab/absent'
            {'model':'lab/base','training_file':'file-0'}                 | training_file                      | no file 'file-0'
            {'model':'lab/base','training_file':'FILE','validation_file':'file-0'} | validation_file           | no file 'file-0'
            {'model':'lab/base','training_file':'FILE','suffix':'a b'}    | suffix                             | suffix is 'a b'
            {'model':'lab/base','training_file':'FILE','suffix':''}       | suffix                             | 1 to 64
            {'model':'lab/base','training_file':'FILE','seed':-1}         | seed                               | seed is -1
            {'model':'lab/base','training_file':'FILE','method':{'type':'dpo'}} | method.type                  | 'supervised' only
            {'model':'lab/base','training_file':'FILE','method':{'type':'supervised','supervised':{'hyperparameters':{'epochs':3}}}} | method.supervised.hyperparameters | did you mean 'n_epochs'?
            {'model':'lab/base','training_file':'FILE','hyperparameters':{'n_epochs':null}} | hyperparameters.n_epochs | is null
            {'model':'lab/base','training_file':'FILE','integrations':[{'type':'wandb'}]} | integrations       | not supported
            {'model':'lab/base','training_file':'FILE','x_lab':{'output_repository':'nowhere'}} | x_lab.output_repository | NAMESPACE/NAME
            {'model':'lab/base','training_file':'FILE','x_lab':{'output':'a/b'}} | x_lab.output              | there are output_repository
            """)
    void isRefused(String body, String param, String message) {
        String file = upload("{\"text\":\"x\"}\n");
        JsonNode error = error(
                call("POST", "/v1/fine_tuning/jobs", body.replace('\'', '"').replace("FILE", file)), 400);
        assertThat(error.get("message").asString()).contains(message);
        assertThat(error.get("param").asString()).isEqualTo(param);
        assertThat(error.get("type").asString()).isEqualTo("invalid_request_error");
    }

    @Test
    void brokenJsonIsToldWithItsPlace() {
        JsonNode error = error(call("POST", "/v1/fine_tuning/jobs", "{\n  \"model\": oops\n}"), 400);
        assertThat(error.get("code").asString()).isEqualTo("invalid_json");
        assertThat(error.get("message").asString()).contains("line 2, column");
        assertThat(error(call("POST", "/v1/fine_tuning/jobs", "null"), 400)
                        .get("message")
                        .asString())
                .contains("null");
        assertThat(error(call("POST", "/v1/fine_tuning/jobs", "[\"" + "x".repeat(2 << 20) + "\"]"), 413)
                        .get("message")
                        .asString())
                .contains("/v1/files");
    }

    @Test
    void aFileForSomethingElseIsNoTrainingData() {
        String file = ok(form(field("purpose", "batch"), filePart("a", "{}")))
                .get("id")
                .asString();
        JsonNode error = error(
                call("POST", "/v1/fine_tuning/jobs", "{\"model\":\"lab/base\",\"training_file\":\"" + file + "\"}"),
                400);
        assertThat(error.get("message").asString()).contains("uploaded for 'batch'");
    }

    @Test
    void jobsThatAreNotThereAreNotFound() {
        for (String path : new String[] {"", "/events", "/checkpoints"}) {
            assertThat(error(call("GET", "/v1/fine_tuning/jobs/ftjob-0" + path, ""), 404)
                            .get("message")
                            .asString())
                    .contains("ftjob-0");
        }
        assertThat(error(call("POST", "/v1/fine_tuning/jobs/ftjob-0/cancel", ""), 404)
                        .get("message")
                        .asString())
                .contains("ftjob-0");
        String id = submit(upload("{\"text\":\"x\"}\n"), "");
        assertThat(error(call("POST", "/v1/fine_tuning/jobs/" + id + "/pause", ""), 400)
                        .get("message")
                        .asString())
                .contains("cannot be paused", id);
        assertThat(error(call("GET", "/v1/fine_tuning/jobs/" + id + "/events?after=x", ""), 400)
                        .get("param")
                        .asString())
                .isEqualTo("after");
        awaitStatus(id, "succeeded");
    }

    @Test
    void whereNothingIsAnAnswerIsStillOpenAis() {
        assertThat(error(call("GET", "/v1/nothing", ""), 403).get("code").asString())
                .isEqualTo("insufficient_scope");
        assertThat(error(call("GET", "/v1/fine_tuning/nothing", ""), 404)
                        .get("code")
                        .asString())
                .isEqualTo("invalid_request");
        assertThat(error(call("PUT", "/v1/files", ""), 405).get("message").asString())
                .contains("PUT");
    }
}
