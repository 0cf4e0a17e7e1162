package io.orrery.engine.tokenizer;

import io.orrery.engine.checkpoint.AtomicFile;
import io.orrery.engine.checkpoint.TensorBytes;
import io.orrery.engine.checkpoint.gguf.GgufMetadata;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The tokenizer of a GGUF file as a Hugging Face folder holds one: tokenizer.json and tokenizer_config.json. */
public final class TokenizerFolder {
    private static final String KEY = "tokenizer.ggml.";
    private static final String SPACE = "\u2581";
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Map<String, String> SPECIAL = Map.of(
            "bos_token", "bos_token_id",
            "eos_token", "eos_token_id",
            "unk_token", "unknown_token_id",
            "pad_token", "padding_token_id",
            "sep_token", "seperator_token_id",
            "cls_token", "cls_token_id",
            "mask_token", "mask_token_id");

    private final GgufMetadata metadata;
    private final GgufVocabulary vocabulary;
    private final boolean sentencePiece;

    private TokenizerFolder(GgufMetadata metadata) {
        this.metadata = metadata;
        this.vocabulary = GgufVocabulary.of(metadata);
        this.sentencePiece = metadata.string(KEY + "model").orElse("").equals("llama");
    }

    /** Writes both files. @throws TokenizerException where the file has no tokenizer, or one that is not known here */
    public static void write(GgufMetadata metadata, Path folder) {
        GgufTokenizer.of(metadata);
        TokenizerFolder tokenizer = new TokenizerFolder(metadata);
        write(folder.resolve("tokenizer.json"), tokenizer.json());
        write(folder.resolve("tokenizer_config.json"), tokenizer.config());
    }

    private static void write(Path file, JsonNode json) {
        byte[] text = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
        AtomicFile.write(file, channel -> new TensorBytes(channel).write(text));
    }

    private ObjectNode config() {
        ObjectNode config = JSON.createObjectNode();
        SPECIAL.forEach((name, key) -> metadata.integer(KEY + key)
                .filter(id -> id >= 0 && id < vocabulary.tokens().size())
                .ifPresent(id -> config.put(name, vocabulary.tokens().get(id.intValue()))));
        config.put("tokenizer_class", "PreTrainedTokenizerFast");
        config.put("clean_up_tokenization_spaces", false);
        vocabulary.options().addBeginning().ifPresent(adds -> config.put("add_bos_token", adds));
        vocabulary.options().addEnd().ifPresent(adds -> config.put("add_eos_token", adds));
        metadata.string("tokenizer.chat_template").ifPresent(source -> config.put("chat_template", source));
        return config;
    }

    private ObjectNode json() {
        ObjectNode file = JSON.createObjectNode()
                .put("version", "1.0")
                .putNull("truncation")
                .putNull("padding");
        ArrayNode added = file.putArray("added_tokens");
        vocabulary
                .addedTokens()
                .forEach(token -> added.addObject()
                        .put("id", token.id())
                        .put("content", token.content())
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", false)
                        .put("special", token.special()));
        if (sentencePiece) {
            sentencePiece(file);
        } else {
            byteLevel(file);
        }
        return file;
    }

    private void sentencePiece(ObjectNode file) {
        boolean prefixed = vocabulary.options().addSpacePrefix().orElse(true);
        ArrayNode normalizers = typed(file, "normalizer", "Sequence").putArray("normalizers");
        if (prefixed) {
            normalizers.addObject().put("type", "Prepend").put("prepend", SPACE);
        }
        replace(normalizers.addObject(), " ", SPACE);
        file.putNull("pre_tokenizer");
        postProcessor(file, true, List.of(1, 2));
        ArrayNode decoders = typed(file, "decoder", "Sequence").putArray("decoders");
        replace(decoders.addObject(), SPACE, " ");
        decoders.addObject().put("type", "ByteFallback");
        decoders.addObject().put("type", "Fuse");
        if (prefixed) {
            decoders.addObject()
                    .put("type", "Strip")
                    .put("content", " ")
                    .put("start", 1)
                    .put("stop", 0);
        }
        ObjectNode model = model(file, vocabulary.unknownToken(), true, false);
        Vocabulary known = Vocabulary.of(vocabulary.tokens());
        merges(model, new ScoreMerges(known, vocabulary::isMergeable).list(vocabulary.scores()));
    }

    private static void replace(ObjectNode step, String from, String to) {
        step.put("type", "Replace").putObject("pattern").put("String", from);
        step.put("content", to);
    }

    private void byteLevel(ObjectNode file) {
        GgufSplitting splitting = GgufSplitting.of(vocabulary.options().pre().orElse("default"));
        if (splitting.composes()) {
            typed(file, "normalizer", "NFC");
        } else {
            file.putNull("normalizer");
        }
        ArrayNode steps = typed(file, "pre_tokenizer", "Sequence").putArray("pretokenizers");
        for (String pattern : splitting.patterns()) {
            ObjectNode split = steps.addObject().put("type", "Split");
            split.putObject("pattern").put("Regex", PreTokenizerName.unescaped(pattern));
            split.put("behavior", "Isolated").put("invert", false);
        }
        bytes(steps.addObject());
        postProcessor(file, splitting.takesWholePieces(), List.of(11, 11));
        bytes(file.putObject("decoder"));
        ObjectNode model = model(file, "", false, splitting.takesWholePieces());
        List<Merge> merges =
                vocabulary.merges().stream().map(line -> Merge.parse(line, 0)).toList();
        merges(model, merges);
    }

    private static void bytes(ObjectNode step) {
        step.put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", false);
    }

    private static ObjectNode typed(ObjectNode file, String key, String type) {
        return file.putObject(key).put("type", type);
    }

    /** @param marks llama.cpp's beginning and end where the file names none */
    private void postProcessor(ObjectNode file, boolean beginsByDefault, List<Integer> marks) {
        Map<String, Integer> special = new LinkedHashMap<>();
        Optional<String> before = mark(
                vocabulary.options().addBeginning().orElse(beginsByDefault), "bos_token_id", marks.getFirst(), special);
        Optional<String> after =
                mark(vocabulary.options().addEnd().orElse(false), "eos_token_id", marks.getLast(), special);
        if (special.isEmpty()) {
            file.putNull("post_processor");
            return;
        }
        ObjectNode template = typed(file, "post_processor", "TemplateProcessing");
        around(template.putArray("single"), before, after, List.of("A"));
        around(template.putArray("pair"), before, after, List.of("A", "B"));
        ObjectNode tokens = template.putObject("special_tokens");
        special.forEach((text, id) -> {
            ObjectNode token = tokens.putObject(text).put("id", text);
            token.putArray("ids").add(id);
            token.putArray("tokens").add(text);
        });
    }

    private Optional<String> mark(boolean wanted, String key, int otherwise, Map<String, Integer> special) {
        if (!wanted) {
            return Optional.empty();
        }
        int id = metadata.integer(KEY + key).map(Long::intValue).orElse(otherwise);
        String text = vocabulary.tokens().get(id);
        special.put(text, id);
        return Optional.of(text);
    }

    private static void around(
            ArrayNode steps, Optional<String> before, Optional<String> after, List<String> sequences) {
        for (int i = 0; i < sequences.size(); i++) {
            String sequence = sequences.get(i);
            int type = i;
            before.ifPresent(token -> special(steps, token, type));
            steps.addObject().putObject("Sequence").put("id", sequence).put("type_id", type);
            after.ifPresent(token -> special(steps, token, type));
        }
    }

    private static void special(ArrayNode steps, String token, int type) {
        steps.addObject().putObject("SpecialToken").put("id", token).put("type_id", type);
    }

    private ObjectNode model(ObjectNode file, String unknown, boolean byteFallback, boolean ignoreMerges) {
        ObjectNode model = typed(file, "model", "BPE").putNull("dropout");
        model.set("unk_token", unknown.isEmpty() ? JSON.nullNode() : JSON.stringNode(unknown));
        model.putNull("continuing_subword_prefix")
                .putNull("end_of_word_suffix")
                .put("fuse_unk", byteFallback)
                .put("byte_fallback", byteFallback)
                .put("ignore_merges", ignoreMerges);
        ObjectNode ids = model.putObject("vocab");
        for (int id = 0; id < vocabulary.tokens().size(); id++) {
            if (!ids.has(vocabulary.tokens().get(id))) {
                ids.put(vocabulary.tokens().get(id), id);
            }
        }
        return model;
    }

    private static void merges(ObjectNode model, List<Merge> merges) {
        ArrayNode pairs = model.putArray("merges");
        merges.forEach(merge -> pairs.addArray().add(merge.left()).add(merge.right()));
    }
}
