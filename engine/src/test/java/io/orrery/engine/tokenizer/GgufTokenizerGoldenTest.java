package io.orrery.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.orrery.engine.checkpoint.gguf.GgufFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Published vocabularies in GGUF files against Hugging Face's tokenizers and SentencePiece, token for token. */
@ParameterizedClass
@MethodSource("cases")
class GgufTokenizerGoldenTest {
    @Parameter
    private Path folder = Path.of(".");

    @TempDir
    private Path temp = Path.of(".");

    private Tokenizer tokenizer = TokenizerJson.parse("{\"model\": {\"type\": \"BPE\"}}");

    static List<Path> cases() {
        return Golden.cases("tokenizer-");
    }

    @BeforeEach
    void unpack() throws IOException {
        JsonNode gguf = Golden.json(folder).path("gguf");
        assumeTrue(gguf.path("model").stringValue().matches("llama|gpt2"), "a model that is not BPE");
        Path unpacked = temp.resolve("vocabulary.gguf");
        try (InputStream in = new GZIPInputStream(
                Files.newInputStream(folder.resolve(gguf.path("file").stringValue())))) {
            Files.copy(in, unpacked);
        }
        try (GgufFile file = GgufFile.open(unpacked)) {
            tokenizer = GgufTokenizer.of(file.metadata());
        }
    }

    @Test
    void stringsGiveTheSameIds() {
        for (JsonNode string : Golden.json(folder).path("strings")) {
            String text = string.path("text").stringValue();
            int[] ids = Golden.ids(string.has("ids") ? string.path("ids") : string.path("ids_llama_cpp"));
            assertThat(tokenizer.encode(text, false)).as(text).isEqualTo(ids);
        }
    }

    @Test
    void publishedTextsGiveThePublishedIdsAndComeBack() throws IOException {
        String name =
                Golden.json(folder).path("gguf").path("file").stringValue().replace(".gz", "");
        String[] texts = Files.readString(folder.resolve(name + ".inp")).split("\n__ggml_vocab_test__\n", -1);
        List<String> lines = Files.readAllLines(folder.resolve(name + ".out"));
        for (int i = 0; i < lines.size(); i++) {
            int[] ids = Arrays.stream(lines.get(i).split(" "))
                    .filter(id -> !id.isEmpty())
                    .mapToInt(Integer::parseInt)
                    .toArray();
            assertThat(tokenizer.encode(texts[i], false)).as(texts[i]).isEqualTo(ids);
            assertThat(tokenizer.decode(ids, false)).isEqualTo(texts[i]);
        }
    }
}
