package io.orrery.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.engine.checkpoint.gguf.GgufMetadata;
import io.orrery.engine.checkpoint.hub.JsonFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** A tokenizer.json that went through the metadata of a GGUF file gives the same ids, there and back. */
class TokenizerMetadataGoldenTest {
    @TempDir
    Path written;

    static List<Path> folders() {
        return Golden.cases("llm-").stream()
                .filter(folder -> !folder.endsWith("llm-opt"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("folders")
    void textsHaveTheSameIds(Path folder) {
        int vocabSize = JsonFile.object(folder.resolve("config.json"))
                .path("vocab_size")
                .asInt();
        Map<String, Object> metadata = TokenizerMetadata.of(folder, vocabSize);
        Tokenizer gguf = GgufTokenizer.of(GgufMetadata.of(metadata));
        TokenizerFolder.write(GgufMetadata.of(metadata), written);
        Tokenizer back = TokenizerJson.read(written.resolve("tokenizer.json"));
        Tokenizer hub = TokenizerJson.read(folder.resolve("tokenizer.json"));
        // a GGUF file cannot say that a token takes the spaces beside it, as Phi-4's do
        boolean swallowsSpaces = folder.endsWith("llm-phi4");
        for (JsonNode probe :
                JsonFile.object(folder.resolve("golden.json")).path("tokenizer").path("probes")) {
            String text = probe.path("text").asString();
            if (swallowsSpaces && text.contains("<|")) {
                continue;
            }
            for (boolean around : new boolean[] {false, true}) {
                assertThat(gguf.encode(text, around)).as(text).isEqualTo(hub.encode(text, around));
                assertThat(back.encode(text, around)).as(text).isEqualTo(hub.encode(text, around));
            }
        }
    }
}
