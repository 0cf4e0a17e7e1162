package io.orrery.engine.tokenizer;

import io.orrery.engine.checkpoint.hub.JsonFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The tokens with a meaning in a folder's JSON files. Texts count before numbers, as in llama.cpp's {@code gguf-py/gguf/vocab.py},
 * {@code SpecialVocab}; what else ends an answer becomes llama.cpp's end of turn and end of message.
 */
final class SpecialTokens {
    private static final String KEY = "tokenizer.ggml.";
    private static final String END = "eos";

    /** transformers' names, and llama.cpp's, one of which is misspelt there. */
    private static final Map<String, String> NAMES = new LinkedHashMap<>();

    static {
        NAMES.put("bos", "bos");
        NAMES.put(END, END);
        NAMES.put("unk", "unknown");
        NAMES.put("sep", "seperator");
        NAMES.put("pad", "padding");
        NAMES.put("cls", "cls");
        NAMES.put("mask", "mask");
    }

    private final Tokenizer tokenizer;
    private final List<JsonNode> texts = new ArrayList<>();
    private final List<JsonNode> numbers = new ArrayList<>();

    private SpecialTokens(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    static SpecialTokens of(Path folder, Tokenizer tokenizer) {
        SpecialTokens special = new SpecialTokens(tokenizer);
        for (String name : List.of("tokenizer_config.json", "special_tokens_map.json")) {
            JsonFile.read(folder.resolve(name)).ifPresent(special.texts::add);
        }
        for (String name : List.of("config.json", "generation_config.json")) {
            JsonFile.read(folder.resolve(name)).ifPresent(special.numbers::add);
        }
        return special;
    }

    Map<String, Object> metadata() {
        Map<String, Object> metadata = new LinkedHashMap<>();
        NAMES.forEach((theirs, ours) -> id(theirs).ifPresent(id -> metadata.put(KEY + ours + "_token_id", id)));
        List<Integer> further = new ArrayList<>(stops());
        id(END).ifPresent(further::remove);
        if (!further.isEmpty()) {
            metadata.put(KEY + "eot_token_id", further.get(0));
        }
        if (further.size() > 1) {
            metadata.put(KEY + "eom_token_id", further.get(1));
        }
        around(metadata);
        return metadata;
    }

    private Optional<Integer> id(String name) {
        return texts.stream()
                .flatMap(config -> TokenizerMetadata.text(config, name + "_token").stream())
                .map(tokenizer::id)
                .filter(OptionalInt::isPresent)
                .map(OptionalInt::getAsInt)
                .findFirst()
                .or(() -> numbers.stream()
                        .flatMap(config -> ids(config.path(name + "_token_id")).stream())
                        .findFirst());
    }

    private Set<Integer> stops() {
        Set<Integer> stops = new LinkedHashSet<>();
        numbers.forEach(config -> stops.addAll(ids(config.path(END + "_token_id"))));
        return stops;
    }

    /** A number, or a list of them; what is no token is left out. */
    private List<Integer> ids(JsonNode value) {
        List<Integer> ids = new ArrayList<>();
        for (JsonNode each : value.isArray() ? value.values() : List.of(value)) {
            if (each.isIntegralNumber() && each.canConvertToInt()) {
                int id = each.intValue();
                if (id >= 0 && id < tokenizer.vocabSize()) {
                    ids.add(id);
                }
            }
        }
        return ids;
    }

    /** What an empty text becomes is what is put around every text. */
    private void around(Map<String, Object> metadata) {
        int[] added = tokenizer.encode("", true);
        Optional<Integer> first = id("bos");
        boolean begins = added.length > 0 && first.isPresent() && added[0] == first.get();
        Optional<Integer> last = id(END);
        boolean ends = added.length > (begins ? 1 : 0) && last.isPresent() && added[added.length - 1] == last.get();
        if (added.length != (begins ? 1 : 0) + (ends ? 1 : 0)) {
            throw new TokenizerException("the tokenizer puts " + tokenizer.token(added[0])
                    + " around texts, which is neither bos_token nor eos_token; a GGUF file cannot say that");
        }
        metadata.put(KEY + "add_bos_token", begins);
        metadata.put(KEY + "add_eos_token", ends);
    }
}
