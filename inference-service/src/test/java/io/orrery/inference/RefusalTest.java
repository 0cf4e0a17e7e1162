package io.orrery.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What is wrong with a request is told in OpenAI's error object, with the field at fault. */
class RefusalTest extends RunningInference {
    private static final String MESSAGES =
            "'model':'lab/tiny','messages':[{'role':'user','content':'x'}],'max_tokens':1";
    private static final String PROMPT = "'model':'lab/tiny','prompt':'x','max_tokens':1";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            'temperature':'hot'                      | temperature          | temperature must be a number.
            'temperature':2.5                        | temperature          | temperature is 2.5; it must be between 0 and 2.
            'top_p':0                                | top_p                | top_p is 0; it must be above 0, to 1.
            'n':0                                    | n                    | n is 0; it must be between 1 and 128.
            'n':1.5                                  | n                    | n must be an integer.
            'n':'2'                                  | n                    | n must be an integer.
            'stream':'yes'                           | stream               | stream must be true or false.
            'max_tokens':0                           | max_tokens           | max_tokens is 0; it must be between 1 and 2147483647.
            'stop':['a','b','c','d','e']             | stop                 | stop must be a text or a list of up to 4 texts.
            'stop':5                                 | stop                 | stop must be a text or a list of up to 4 texts.
            'logit_bias':{'x':1}                     | logit_bias           | logit_bias has the key 'x'; its keys must be token ids.
            'logit_bias':{'5':101}                   | logit_bias           | logit_bias is 101; it must be between -100 and 100.
            'logit_bias':[1]                         | logit_bias           | logit_bias must be an object.
            'presence_penalty':-3                    | presence_penalty     | presence_penalty is -3; it must be between -2 and 2.
            'min_p':2                                | min_p                | min_p is 2; it must be between 0 and 1.
            'repetition_penalty':0                   | repetition_penalty   | repetition_penalty is 0.0; it must be above 0.
            'stream_options':{'include_usage':true}  | stream_options       | stream_options is only for requests with "stream": true.
            'top_logprobs':2                         | top_logprobs         | top_logprobs is only for requests with "logprobs": true.
            'logprobs':true,'top_logprobs':21        | top_logprobs         | top_logprobs is 21; it must be between 0 and 20.
            'tools':[{'type':'function'}]            | tools                | Calling tools is not built yet; send the request without "tools".
            'response_format':{'type':'json_object'} | response_format      | Only {"type": "text"} is built of response_format, not 'json_object'; ask for JSON in the prompt and check the answer.
            'modalities':['text','audio']            | modalities           | Only text is answered, not [text, audio].
            'chat_template_kwargs':{'messages':[]}   | chat_template_kwargs | chat_template_kwargs must not set messages, which the request does.
            'messages':[]                            | messages             | messages must hold at least one message.
            'messages':'hi'                          | messages             | messages must be a list.
            'messages':[{'role':5}]                  | messages[0].role     | messages[0].role must be a text.
            'messages':[{'role':'bot'}]              | messages[0].role     | messages[0].role is 'bot'; it must be system, developer, user, assistant or tool.
            'messages':[{'role':'user'}]             | messages[0].content  | messages[0].content is missing; it must be a text or a list of text parts.
            'messages':[{'role':'user','content':[{'type':'image_url'}]}] | messages[0].content[0] | messages[0].content[0] is of type 'image_url'; only text parts {"type": "text", "text": ...} are built.
            'model':''                               | model                | The body has no "model"; name one that GET /v1/models lists.
            """)
    void ofAChat(String field, String param, String message) {
        String name = field.substring(0, field.indexOf(':'));
        String rest = MESSAGES.replaceAll("," + name + ":\\d+", "");
        if (name.equals("'messages'")) {
            rest = "'model':'lab/tiny'";
        } else if (name.equals("'model'")) {
            rest = MESSAGES.replace("'model':'lab/tiny',", "");
        }
        check(post("/v1/chat/completions", "{" + rest + "," + field + "}"), param, message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            'logprobs':6     | logprobs | logprobs is 6; it must be between 0 and 5.
            'suffix':'x'     | suffix   | suffix is not built yet; send the request without it.
            'best_of':3      | best_of  | best_of is not built yet; send the request without it.
            'prompt':[]      | prompt   | prompt must be a text, a list of texts, a list of token ids, or a list of lists of token ids, and not empty.
            'prompt':[1.5]   | prompt   | prompt must be a text, a list of texts, a list of token ids, or a list of lists of token ids, and not empty.
            'prompt':''      | prompt   | A prompt has no tokens; it must have at least one.
            'prompt':[999999999] | prompt | prompt holds the token id 999999999, but the vocabulary has only 0..299.
            """)
    void ofACompletion(String field, String param, String message) {
        String rest = field.startsWith("'prompt'") ? "'model':'lab/tiny'" : PROMPT;
        check(post("/v1/completions", "{" + rest + "," + field + "}"), param, message);
    }

    private static void check(HttpResponse<String> response, String param, String message) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        JsonNode error = JSON.readTree(response.body()).get("error");
        assertThat(error.get("message").asString()).isEqualTo(message);
        assertThat(error.get("param").asString()).isEqualTo(param);
        assertThat(error.get("type").asString()).isEqualTo("invalid_request_error");
        assertThat(error.get("code").asString()).isNotEmpty();
    }

    @Test
    void ofABodyThatIsNone() {
        HttpResponse<String> broken = post("/v1/completions", "{'model':\n 'x',}");
        assertThat(broken.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(broken.body()).at("/error/message").asString())
                .startsWith("The body is not JSON at line 2, column 6: ");
        for (String body : new String[] {"", "[]", "5", "null"}) {
            HttpResponse<String> none = post("/v1/completions", body);
            assertThat(none.statusCode()).as(body).isEqualTo(400);
            assertThat(JSON.readTree(none.body()).at("/error/code").asString())
                    .as(body)
                    .isEqualTo("invalid_json");
        }
        HttpResponse<String> large = post("/v1/completions", "{'model':'" + "x".repeat(1 << 20) + "'}");
        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(large.body()).contains("larger than 1048576 bytes");
        HttpResponse<String> deep = post("/v1/completions", "{'prompt':" + "[".repeat(5000));
        assertThat(deep.statusCode()).isEqualTo(400);
    }
}
