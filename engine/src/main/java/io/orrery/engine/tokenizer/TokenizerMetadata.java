package io.orrery.engine.tokenizer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * A folder's tokenizer as the metadata of a GGUF file: the keys {@code tokenizer.ggml.*}.
 *
 * <p>Source: llama.cpp {@code convert_hf_to_gguf.py} ({@code set_vocab}) and {@code gguf-py/gguf/vocab.py}. Two things are done
 * otherwise. A SentencePiece token's score is the place of its merge, since tokenizer.json has no scores: llama.cpp merges in the
 * same order. And whether a token is special is what the file says, not what its brackets look like.
 */
public final class TokenizerMetadata {
    private static final String KEY = "tokenizer.ggml.";
    private static final int UNUSED = 5;
    private static final int BYTE = 6;

    private final TokenizerFile file;
    private final List<String> tokens = new ArrayList<>();
    private final List<Integer> types = new ArrayList<>();

    private TokenizerMetadata(TokenizerFile file) {
        this.file = file;
    }

    /**
     * Reads {@code tokenizer.json}, and the special tokens of {@code tokenizer_config.json}, {@code special_tokens_map.json} and
     * {@code config.json}. The chat template is no part of it.
     *
     * @param vocabSize rows of the embedding: ids that no token has become unused ones
     * @throws TokenizerException where the folder has no tokenizer, or one that llama.cpp has not
     */
    public static Map<String, Object> of(Path folder, int vocabSize) {
        Path json = folder.resolve("tokenizer.json");
        if (!Files.exists(json)) {
            throw new TokenizerException(
                    folder
                            + " has no tokenizer.json, without which a GGUF file has no vocabulary; save the tokenizer with it");
        }
        Map<String, Object> metadata = new TokenizerMetadata(TokenizerJson.file(json)).vocabulary(folder, vocabSize);
        SpecialTokens special = SpecialTokens.of(folder, TokenizerJson.read(json));
        metadata.putAll(special.metadata());
        return metadata;
    }

    private Map<String, Object> vocabulary(Path folder, int vocabSize) {
        collect(vocabSize);
        if (tokens.size() > vocabSize) {
            throw new TokenizerException(folder + " has a tokenizer of " + tokens.size()
                    + " tokens for an embedding of " + vocabSize + " rows; llama.cpp needs a row for every token");
        }
        boolean sentencePiece = new Component("model", file.model()).flag("byte_fallback", false);
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put(KEY + "model", sentencePiece ? "llama" : "gpt2");
        metadata.put(KEY + "pre", sentencePiece ? "default" : PreTokenizerName.of(file));
        metadata.put(KEY + "tokens", tokens);
        if (sentencePiece) {
            metadata.put(KEY + "scores", scores());
        }
        metadata.put(KEY + "token_type", types);
        if (sentencePiece) {
            metadata.put(KEY + "add_space_prefix", PreTokenizerName.addsSpace(file));
        } else {
            metadata.put(
                    KEY + "merges",
                    file.merges().stream()
                            .map(merge -> merge.left() + " " + merge.right())
                            .toList());
        }
        return metadata;
    }

    private void collect(int vocabSize) {
        boolean hasBytes = new Component("model", file.model()).flag("byte_fallback", false);
        String unknown = new Component("model", file.model()).text("unk_token", "");
        for (int id = 0; id < vocabSize; id++) {
            tokens.add("[PAD" + id + "]");
            types.add(UNUSED);
        }
        file.vocabulary().forEach((token, id) -> set(id, token, type(token, hasBytes, unknown)));
        if (file.parts().hasNonNull("added_tokens")) {
            for (Component added : new Component("the file", file.parts()).list("added_tokens")) {
                String content = added.text("content");
                int id = file.vocabulary().getOrDefault(content, added.number("id", -1));
                Vocabulary.checkId(content, id);
                boolean isSpecial = added.flag("special", false);
                int type = isSpecial ? GgufVocabulary.CONTROL : GgufVocabulary.USER_DEFINED;
                set(id, content, content.equals(unknown) && hasBytes ? GgufVocabulary.UNKNOWN : type);
            }
        }
    }

    private static int type(String token, boolean hasBytes, String unknown) {
        if (!hasBytes) {
            return GgufVocabulary.NORMAL;
        }
        if (token.matches("<0x[0-9A-F]{2}>")) {
            return BYTE;
        }
        return token.equals(unknown) ? GgufVocabulary.UNKNOWN : GgufVocabulary.NORMAL;
    }

    private void set(int id, String token, int type) {
        while (tokens.size() <= id) {
            tokens.add("[PAD" + tokens.size() + "]");
            types.add(UNUSED);
        }
        tokens.set(id, token);
        types.set(id, type);
    }

    /** Earlier merges score higher; what no merge makes, least. */
    private List<Float> scores() {
        Map<String, Float> byToken = new LinkedHashMap<>();
        for (Merge merge : file.merges()) {
            byToken.putIfAbsent(merge.left() + merge.right(), (float) -byToken.size());
        }
        float least = -byToken.size();
        return tokens.stream().map(token -> byToken.getOrDefault(token, least)).collect(Collectors.toList());
    }

    /** {@code eos_token} and its like: a string, or an object with one as {@code content}. */
    static Optional<String> text(JsonNode config, String key) {
        JsonNode value = config.path(key);
        JsonNode text = value.isObject() ? value.path("content") : value;
        return text.isString() ? Optional.of(text.stringValue()) : Optional.empty();
    }
}
