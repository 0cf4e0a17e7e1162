package io.orrery.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class StreamTest extends RunningInference {
    private static final String CHAT =
            "{'model':'lab/tiny','messages':[{'role':'user','content':'one'}],'max_tokens':9,"
                    + "'temperature':0,'stream':true";

    @Test
    void aChatComesAsChunks() {
        HttpResponse<String> response =
                post("/v1/chat/completions", CHAT + ",'stream_options':{'include_usage':true}}");
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        assertThat(response.headers().firstValue("X-Accel-Buffering")).contains("no");
        assertThat(response.body()).endsWith("data: [DONE]\n\n");
        List<JsonNode> chunks = chunks(response);
        assertThat(chunks.getFirst().at("/choices/0/delta").toString())
                .isEqualTo("{\"role\":\"assistant\",\"content\":\"\"}");
        assertThat(chunks.stream().map(c -> c.get("id")).distinct()).hasSize(1);
        assertThat(chunks.stream().map(c -> c.get("created")).distinct()).hasSize(1);
        JsonNode usage = chunks.getLast();
        assertThat(usage.get("choices")).isEmpty();
        assertThat(usage.at("/usage/completion_tokens").asInt()).isEqualTo(9);
        JsonNode finish = chunks.get(chunks.size() - 2);
        assertThat(finish.at("/choices/0/delta").toString()).isEqualTo("{}");
        assertThat(finish.at("/choices/0/finish_reason").asString()).isEqualTo("length");
        for (JsonNode chunk : chunks.subList(1, chunks.size() - 2)) {
            assertThat(chunk.at("/choices/0/delta/content").asString()).isNotEmpty();
            assertThat(chunk.at("/choices/0/finish_reason").isNull()).isTrue();
            assertThat(chunk.has("usage")).isFalse();
        }
        String whole = answer("/v1/chat/completions", CHAT.replace(",'stream':true", "") + "}")
                .at("/choices/0/message/content")
                .asString();
        StringBuilder streamed = new StringBuilder();
        chunks.forEach(c -> streamed.append(c.at("/choices/0/delta/content").asString("")));
        assertThat(streamed).hasToString(whole);
    }

    @Test
    void severalAnswersBeginInOrderAndEndOnceEach() {
        List<JsonNode> chunks = chunks(post("/v1/chat/completions", CHAT + ",'n':3}"));
        assertThat(chunks.subList(0, 3).stream()
                        .map(c -> c.at("/choices/0/index").asInt()))
                .containsExactly(0, 1, 2);
        assertThat(chunks.stream().filter(c -> c.at("/choices/0/delta").has("role")))
                .hasSize(3);
        assertThat(chunks.stream().filter(c -> !c.at("/choices/0/finish_reason").isNull()))
                .hasSize(3);
    }

    @Test
    void logprobsOfAStreamAreThoseOfTheWhole() {
        String body = CHAT + ",'logprobs':true,'top_logprobs':2}";
        List<JsonNode> streamed = new ArrayList<>();
        chunks(post("/v1/chat/completions", body))
                .forEach(c -> c.at("/choices/0/logprobs/content").forEach(streamed::add));
        JsonNode whole = answer("/v1/chat/completions", body.replace(",'stream':true", ""));
        assertThat(streamed)
                .containsExactlyElementsOf(
                        whole.at("/choices/0/logprobs/content").valueStream().toList());
    }

    @Test
    void aCompletionComesAsChunksAfterItsEcho() {
        List<JsonNode> chunks = chunks(
                post(
                        "/v1/completions",
                        "{'model':'lab/tiny','prompt':'the end','max_tokens':5,'temperature':0,'echo':true,'logprobs':0,'stream':true}"));
        assertThat(chunks.getFirst().at("/choices/0/text").asString()).isEqualTo("the end");
        assertThat(chunks.getFirst().at("/choices/0/logprobs/token_logprobs/0").isNull())
                .isTrue();
        assertThat(chunks.stream().map(c -> c.get("object").asString()).distinct())
                .containsExactly("text_completion");
        int tokens = chunks.stream()
                .mapToInt(c -> c.at("/choices/0/logprobs/tokens").size())
                .sum();
        JsonNode whole = answer(
                "/v1/completions",
                "{'model':'lab/tiny','prompt':'the end','max_tokens':5,'temperature':0,'echo':true,'logprobs':0}");
        assertThat(tokens).isEqualTo(whole.at("/choices/0/logprobs/tokens").size());
    }

    @Test
    void whatIsWrongBeforeTheFirstByteIsAnHttpError() {
        HttpResponse<String> unknown = post("/v1/chat/completions", CHAT.replace("lab/tiny", "lab/none") + "}");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(JSON.readTree(unknown.body()).at("/error/code").asString()).isEqualTo("model_not_found");
        HttpResponse<String> tooLong = post(
                "/v1/completions",
                "{'model':'lab/tiny','stream':true,'prompt':[" + "70,".repeat(TinyFolder.CONTEXT) + "70]}");
        assertThat(tooLong.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(tooLong.body()).at("/error/code").asString()).isEqualTo("context_length_exceeded");
    }

    @Test
    void aStreamThatWaitsForItsModelSaysSoAndThenAnswers() {
        HUB.commit("lab/slow", TinyFolder.write(FOLDER.resolve("slow"), 8));
        HUB.delay("lab/slow", Duration.ofMillis(900));
        HttpResponse<String> response = post("/v1/chat/completions", CHAT.replace("lab/tiny", "lab/slow") + "}");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).startsWith(": ping ").contains("lab/slow").endsWith("data: [DONE]\n\n");
        assertThat(chunks(response).getFirst().at("/choices/0/delta/role").asString())
                .isEqualTo("assistant");
    }

    @Test
    void aModelThatCannotBeLoadedAfterAllEndsTheStreamAsAnEvent() {
        Path broken = TinyFolder.write(FOLDER.resolve("late-broken"), 8);
        assertThat(broken.resolve("config.json").toFile().delete()).isTrue();
        HUB.commit("lab/late-broken", broken);
        HUB.delay("lab/late-broken", Duration.ofMillis(900));
        HttpResponse<String> response = post("/v1/chat/completions", CHAT.replace("lab/tiny", "lab/late-broken") + "}");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).startsWith(": ping ").endsWith("data: [DONE]\n\n");
        JsonNode error = chunks(response).getFirst();
        assertThat(error.at("/error/code").asString()).isEqualTo("model_not_loadable");
        assertThat(error.at("/error/message").asString()).contains("config.json");
    }

    private static List<JsonNode> chunks(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body()
                .lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line -> JSON.readTree(line.substring(6)))
                .toList();
    }
}
