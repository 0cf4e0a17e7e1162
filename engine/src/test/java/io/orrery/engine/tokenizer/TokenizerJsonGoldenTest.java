package io.orrery.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The tokenizers of twelve families against Hugging Face's tokenizers, token for token. */
@ParameterizedClass
@MethodSource("cases")
class TokenizerJsonGoldenTest {
    @Parameter
    private Path folder = Path.of(".");

    static List<Path> cases() {
        return Golden.cases("llm-");
    }

    @Test
    void textsGiveTheSameIdsAndIdsTheSameTexts() {
        Tokenizer tokenizer = TokenizerJson.read(folder.resolve("tokenizer.json"));
        for (JsonNode probe : Golden.json(folder).path("tokenizer").path("probes")) {
            String text = probe.path("text").stringValue();
            int[] ids = Golden.ids(probe.path("ids"));
            assertThat(tokenizer.encode(text, true)).as(text).isEqualTo(ids);
            assertThat(tokenizer.encode(text, false)).as(text).isEqualTo(Golden.ids(probe.path("ids_no_special")));
            assertThat(tokenizer.decode(ids, false))
                    .as(text)
                    .isEqualTo(probe.path("decoded").stringValue());
            assertThat(tokenizer.decode(ids, true))
                    .as(text)
                    .isEqualTo(probe.path("decoded_skip_special").stringValue());
        }
    }

    /** The swallowed white space of an added token is in Hugging Face's list of tokens, and no part of ours. */
    @Test
    void idsHaveTheSameTokens() {
        Tokenizer tokenizer = TokenizerJson.read(folder.resolve("tokenizer.json"));
        for (JsonNode probe : Golden.json(folder).path("tokenizer").path("probes")) {
            int[] ids = Golden.ids(probe.path("ids"));
            for (int i = 0; i < ids.length; i++) {
                assertThat(tokenizer.token(ids[i]).strip())
                        .isEqualTo(probe.path("tokens").path(i).stringValue().strip());
            }
        }
    }

    @Test
    void conversationsGiveTheSameIds() {
        Tokenizer tokenizer = TokenizerJson.read(folder.resolve("tokenizer.json"));
        for (JsonNode chat : Golden.json(folder).path("chat")) {
            if (chat.path("rendered").isString() && chat.path("ids").isArray()) {
                assertThat(tokenizer.encode(chat.path("rendered").stringValue(), false))
                        .isEqualTo(Golden.ids(chat.path("ids")));
            }
        }
    }
}
