package io.orrery.engine.tokenizer;

import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes what was learned as a tokenizer.json. */
final class TrainedTokenizer {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private TrainedTokenizer() {}

    static String json(List<String> tokens, List<Merge> merges, List<String> specialTokens) {
        ObjectNode file = JSON.createObjectNode()
                .put("version", "1.0")
                .putNull("truncation")
                .putNull("padding");
        file.set("added_tokens", addedTokens(specialTokens));
        file.putNull("normalizer");
        file.set("pre_tokenizer", preTokenizer());
        file.putNull("post_processor");
        file.set("decoder", byteLevel());
        file.set("model", model(tokens, merges));
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(file);
    }

    private static ArrayNode addedTokens(List<String> specialTokens) {
        ArrayNode added = JSON.createArrayNode();
        for (int id = 0; id < specialTokens.size(); id++) {
            added.addObject()
                    .put("id", id)
                    .put("content", specialTokens.get(id))
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        return added;
    }

    private static ObjectNode preTokenizer() {
        ObjectNode sequence = JSON.createObjectNode().put("type", "Sequence");
        sequence.putArray("pretokenizers")
                .add(JSON.createObjectNode().put("type", "Digits").put("individual_digits", true))
                .add(byteLevel());
        return sequence;
    }

    private static ObjectNode byteLevel() {
        return JSON.createObjectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", true);
    }

    private static ObjectNode model(List<String> tokens, List<Merge> merges) {
        ObjectNode model = JSON.createObjectNode()
                .put("type", "BPE")
                .putNull("dropout")
                .putNull("unk_token")
                .putNull("continuing_subword_prefix")
                .putNull("end_of_word_suffix")
                .put("fuse_unk", false)
                .put("byte_fallback", false)
                .put("ignore_merges", false);
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < tokens.size(); id++) {
            vocabulary.put(tokens.get(id), id);
        }
        ArrayNode pairs = model.putArray("merges");
        merges.forEach(merge -> pairs.addArray().add(merge.left()).add(merge.right()));
        return model;
    }
}
