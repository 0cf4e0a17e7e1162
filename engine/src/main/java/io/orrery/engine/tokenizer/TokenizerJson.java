package io.orrery.engine.tokenizer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a tokenizer.json of Hugging Face's tokenizers (version 1.0): BPE, byte-level and SentencePiece-like,
 * Unigram, WordPiece and WordLevel. Settings for
 * truncation and padding are left to the caller.
 */
public final class TokenizerJson {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private TokenizerJson() {}

    /** @throws TokenizerException where the file is not a tokenizer, or has a component that is not known here */
    public static Tokenizer read(Path tokenizerJson) {
        try (JsonParser parser = JSON.createParser(Files.newInputStream(tokenizerJson))) {
            return tokenizer(parser);
        } catch (TokenizerException wrong) {
            throw new TokenizerException(tokenizerJson + ": " + wrong.getMessage(), wrong);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read " + tokenizerJson, failed);
        }
    }

    /** The file as it is, with nothing made of it. */
    static TokenizerFile file(Path tokenizerJson) {
        try (JsonParser parser = JSON.createParser(Files.newInputStream(tokenizerJson))) {
            return TokenizerFile.read(parser);
        } catch (JacksonException wrong) {
            throw new TokenizerException(tokenizerJson + " is not a tokenizer: " + wrong.getOriginalMessage(), wrong);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read " + tokenizerJson, failed);
        }
    }

    /** @throws TokenizerException where the text is not a tokenizer, or has a component that is not known here */
    public static Tokenizer parse(String json) {
        try (JsonParser parser = JSON.createParser(json)) {
            return tokenizer(parser);
        }
    }

    private static Tokenizer tokenizer(JsonParser parser) {
        try {
            return tokenizer(TokenizerFile.read(parser));
        } catch (JacksonException wrong) {
            throw new TokenizerException(
                    "not a tokenizer: " + wrong.getOriginalMessage() + " at line "
                            + parser.currentLocation().getLineNr() + ", column "
                            + parser.currentLocation().getColumnNr(),
                    wrong);
        }
    }

    private static Tokenizer tokenizer(TokenizerFile file) {
        TokenModel model = model(file);
        Normalizer normalizer = Component.optional(file.parts(), "normalizer")
                .map(Components::normalizer)
                .orElse(new Normalizer.Sequence(List.of()));
        AddedTokens added = new AddedTokens(addedTokens(file, model.vocabulary()), normalizer);
        Tokenizer tokenizer = new PipelineTokenizer(new PipelineTokenizer.Parts(
                added,
                Component.optional(file.parts(), "pre_tokenizer")
                        .map(Components::preTokenizer)
                        .orElse(new PreTokenizer.Sequence(List.of())),
                model,
                Component.optional(file.parts(), "post_processor")
                        .map(Processors::read)
                        .orElse(new PostProcessor.Nothing()),
                Component.optional(file.parts(), "decoder")
                        .map(Components::decoder)
                        .orElse(new Decoder.Spaced())));
        for (int id : tokenizer.encode("", true)) {
            if (tokenizer.token(id).isEmpty()) {
                throw new TokenizerException("post_processor of the tokenizer adds id " + id + ", which no token has");
            }
        }
        return tokenizer;
    }

    private static TokenModel model(TokenizerFile file) {
        Component model = new Component("model", file.model());
        boolean isUntyped = !model.has("type") && !file.merges().isEmpty();
        return switch (isUntyped ? "BPE" : model.type()) {
            case "BPE" -> bpe(file, model);
            case "WordPiece" ->
                WordPieceModel.of(
                        Vocabulary.of(file.vocabulary()),
                        model.text("unk_token", "[UNK]"),
                        model.text("continuing_subword_prefix", "##"),
                        model.number("max_input_chars_per_word", 100));
            case "Unigram" ->
                new UnigramModel(file.scored(), model.number("unk_id", -1), model.flag("byte_fallback", false));
            case "WordLevel" -> {
                Vocabulary vocabulary = Vocabulary.of(file.vocabulary());
                yield new WordLevelModel(vocabulary, vocabulary.id(model.text("unk_token", "<unk>")));
            }
            default -> throw model.unknownType("BPE, Unigram, WordPiece, WordLevel");
        };
    }

    private static BpeModel bpe(TokenizerFile file, Component model) {
        BpeSettings settings = new BpeSettings(
                model.text("unk_token", ""),
                model.text("continuing_subword_prefix", ""),
                model.text("end_of_word_suffix", ""),
                model.flag("fuse_unk", false),
                model.flag("byte_fallback", false),
                model.flag("ignore_merges", false));
        Vocabulary vocabulary = Vocabulary.of(file.vocabulary());
        return new BpeModel(vocabulary, Merge.table(file.merges(), vocabulary, settings.subwordPrefix()), settings);
    }

    /** A token that the vocabulary has keeps its id there, as in tokenizers; others bring their own. */
    private static List<AddedToken> addedTokens(TokenizerFile file, Vocabulary vocabulary) {
        if (!file.parts().hasNonNull("added_tokens")) {
            return List.of();
        }
        List<AddedToken> out = new ArrayList<>();
        Map<Integer, String> seen = new HashMap<>();
        for (Component token : new Component("the file", file.parts()).list("added_tokens")) {
            String content = token.text("content");
            int known = vocabulary.id(content);
            int id = known >= 0 ? known : token.number("id", -1);
            Vocabulary.checkId(content, id);
            String other = known >= 0 || vocabulary.token(id).isEmpty() ? seen.put(id, content) : vocabulary.token(id);
            if (other != null && !other.equals(content)) {
                throw new TokenizerException("the added token " + Vocabulary.quoted(content) + " has id " + id
                        + ", which is " + Vocabulary.quoted(other) + " already");
            }
            out.add(addedToken(token, id));
        }
        return out;
    }

    private static AddedToken addedToken(Component token, int id) {
        return new AddedToken(
                id,
                token.text("content"),
                token.flag("single_word", false),
                token.flag("lstrip", false),
                token.flag("rstrip", false),
                token.flag("normalized", true),
                token.flag("special", false));
    }
}
