package io.orrery.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class CompletionTest extends RunningInference {
    private static final String CHAT = "/v1/chat/completions";
    private static final String COMPLETE = "/v1/completions";

    @Test
    void aChatIsAnsweredInOnePiece() {
        JsonNode answer = answer(
                CHAT,
                "{'model':'lab/tiny','messages':[{'role':'developer','content':'be brief'},"
                        + "{'role':'user','content':[{'type':'text','text':'one, '},{'type':'text','text':'two'}]}],"
                        + "'max_completion_tokens':7,'max_tokens':99,'temperature':0,'user':'me','store':true,'metadata':{'a':1}}");
        assertThat(answer.get("object").asString()).isEqualTo("chat.completion");
        assertThat(answer.get("model").asString()).isEqualTo("lab/tiny");
        assertThat(answer.get("id").asString()).startsWith("chatcmpl-");
        JsonNode choice = answer.get("choices").get(0);
        assertThat(choice.at("/message/role").asString()).isEqualTo("assistant");
        assertThat(choice.at("/message/content").asString()).isNotEmpty();
        assertThat(choice.at("/message").has("refusal")).isTrue();
        assertThat(choice.get("finish_reason").asString()).isEqualTo("length");
        assertThat(choice.get("logprobs").isNull()).isTrue();
        assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(7);
        assertThat(answer.at("/usage/total_tokens").asInt())
                .isEqualTo(answer.at("/usage/prompt_tokens").asInt() + 7);
    }

    @Test
    void theSameSeedSaysTheSameAndAnswersDiffer() {
        String body = "{'model':'lab/tiny','prompt':'the','max_tokens':12,'temperature':1.5,'seed':5,'n':3}";
        JsonNode one = answer(COMPLETE, body);
        JsonNode two = answer(COMPLETE, body);
        assertThat(one.get("choices")).isEqualTo(two.get("choices"));
        List<String> texts = one.get("choices")
                .valueStream()
                .map(c -> c.get("text").asString())
                .toList();
        assertThat(texts).hasSize(3).doesNotHaveDuplicates();
        assertThat(one.at("/usage/completion_tokens").asInt()).isEqualTo(36);
    }

    @Test
    void promptsOfEveryKindComeBackInOrder() {
        JsonNode texts = answer(
                COMPLETE,
                "{'model':'lab/tiny','prompt':['the','one'],'max_tokens':3,'temperature':0,'n':2,'echo':true}");
        assertThat(texts.get("choices")
                        .valueStream()
                        .map(c -> c.get("text").asString().substring(0, 3)))
                .containsExactly("the", "the", "one", "one");
        assertThat(texts.get("choices").valueStream().map(c -> c.get("index").asInt()))
                .containsExactly(0, 1, 2, 3);
        JsonNode ids = answer(COMPLETE, "{'model':'lab/tiny','prompt':[70,71,72],'max_tokens':2}");
        assertThat(ids.at("/usage/prompt_tokens").asInt()).isEqualTo(3);
        JsonNode lists = answer(COMPLETE, "{'model':'lab/tiny','prompt':[[70],[71,72]],'max_tokens':2}");
        assertThat(lists.get("choices")).hasSize(2);
    }

    @Test
    void logprobsAreOfEveryToken() {
        JsonNode chat = answer(
                CHAT,
                "{'model':'lab/tiny','messages':[{'role':'user','content':'hi'}],'max_tokens':5,'temperature':0,"
                        + "'logprobs':true,'top_logprobs':3}");
        JsonNode content = chat.at("/choices/0/logprobs/content");
        assertThat(content).hasSize(5);
        for (JsonNode token : content) {
            assertThat(token.get("top_logprobs")).hasSize(3);
            assertThat(token.get("logprob").asDouble()).isLessThanOrEqualTo(0);
            assertThat(token.get("top_logprobs").get(0).get("logprob").asDouble())
                    .as("greedy takes the likeliest")
                    .isEqualTo(token.get("logprob").asDouble());
            assertThat(token.get("bytes").size()).isPositive();
        }
    }

    @Test
    void anEchoIsScoredAsItWasGenerated() {
        JsonNode said =
                answer(COMPLETE, "{'model':'lab/tiny','prompt':[70,71],'max_tokens':4,'temperature':0,'logprobs':0}");
        JsonNode echo = answer(
                COMPLETE,
                "{'model':'lab/tiny','prompt':[70,71],'max_tokens':4,'temperature':0,'logprobs':2,'echo':true}");
        JsonNode logprobs = echo.at("/choices/0/logprobs");
        assertThat(logprobs.get("tokens")).hasSize(6);
        assertThat(logprobs.get("token_logprobs").get(0).isNull()).isTrue();
        assertThat(logprobs.get("top_logprobs").get(0).isNull()).isTrue();
        assertThat(logprobs.get("token_logprobs").get(1).asDouble()).isLessThan(0);
        for (int i = 0; i < 4; i++) {
            assertThat(logprobs.get("token_logprobs").get(2 + i))
                    .isEqualTo(said.at("/choices/0/logprobs/token_logprobs").get(i));
        }
        JsonNode alone =
                answer(COMPLETE, "{'model':'lab/tiny','prompt':'the end','max_tokens':0,'echo':true,'logprobs':1}");
        assertThat(alone.at("/choices/0/text").asString()).isEqualTo("the end");
        assertThat(alone.at("/usage/completion_tokens").asInt()).isZero();
        assertThat(alone.at("/choices/0/logprobs/text_offset/0").asInt()).isZero();
    }

    @Test
    void aStopStringEndsAnAnswerAndIsNotShown() {
        String whole = answer(COMPLETE, "{'model':'lab/tiny','prompt':'the','max_tokens':24,'temperature':0}")
                .at("/choices/0/text")
                .asString();
        String stop = whole.substring(6, 9);
        JsonNode cut = answer(
                COMPLETE,
                JSON.writeValueAsString(Map.of(
                        "model",
                        MODEL,
                        "prompt",
                        "the",
                        "max_tokens",
                        24,
                        "temperature",
                        0,
                        "stop",
                        List.of(stop, "never"))));
        assertThat(cut.at("/choices/0/text").asString()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
        assertThat(cut.at("/choices/0/finish_reason").asString()).isEqualTo("stop");
    }

    @Test
    void aForcedPartOfACharacterDoesNotBreakAnything() {
        JsonNode answer = answer(
                COMPLETE,
                "{'model':'lab/tiny','prompt':[70],'max_tokens':3,'temperature':0,'logprobs':1,'logit_bias':{'"
                        + continuationByte() + "':100}}");
        assertThat(answer.at("/choices/0/text").asString()).isEqualTo("\uFFFD\uFFFD\uFFFD");
        assertThat(answer.at("/choices/0/logprobs/tokens")).hasSize(3);
    }

    /** A token of a single byte that begins no character: in an alphabet of bytes in order after two special tokens, 0xA1 stands so. */
    private static int continuationByte() {
        return 2 + (126 - 33 + 1);
    }
}
