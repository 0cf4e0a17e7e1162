package io.orrery.engine.tokenizer;

import io.orrery.engine.checkpoint.gguf.GgufMetadata;
import java.util.ArrayList;
import java.util.List;

/**
 * The tokenizer in a GGUF file: {@code tokenizer.ggml.model} llama (SentencePiece by scores) or gpt2 (byte-level BPE). What the
 * file does not say is as in llama.cpp, src/llama-vocab.cpp, impl::load.
 */
public final class GgufTokenizer {
    private static final String SPACE = "\u2581";

    /** llama.cpp's beginning and end where the file names none: of SentencePiece, and of byte-level BPE. */
    private static final int SENTENCEPIECE_BEGINNING = 1;

    private static final int SENTENCEPIECE_END = 2;
    private static final int BYTE_LEVEL_MARK = 11;

    private GgufTokenizer() {}

    /** @throws TokenizerException where the file has no tokenizer, or one that is not known here */
    public static Tokenizer of(GgufMetadata metadata) {
        String model = metadata.string("tokenizer.ggml.model")
                .orElseThrow(
                        () -> new TokenizerException("the file has no tokenizer.ggml.model; it brings no tokenizer"));
        return of(model, GgufVocabulary.of(metadata));
    }

    static Tokenizer of(String model, GgufVocabulary file) {
        return switch (model) {
            case "llama" -> sentencePiece(file);
            case "gpt2" -> byteLevel(file);
            default ->
                throw new TokenizerException("tokenizer.ggml.model is " + Vocabulary.quoted(model)
                        + "; only llama and gpt2 can be used here");
        };
    }

    private static Tokenizer sentencePiece(GgufVocabulary file) {
        Vocabulary vocabulary = Vocabulary.of(file.tokens());
        boolean prefixed = file.options().addSpacePrefix().orElse(true);
        BpeSettings settings = new BpeSettings(file.unknownToken(), "", "", true, true, false);
        MergeTable merges = new ScoreMerges(vocabulary, file::isMergeable).table(file.scores());
        List<Normalizer> normalizers = new ArrayList<>();
        if (prefixed) {
            normalizers.add(new Normalizer.Prepend(SPACE));
        }
        normalizers.add(new Normalizer.Replace(new TextPattern.Literal(" "), SPACE));
        return new PipelineTokenizer(new PipelineTokenizer.Parts(
                new AddedTokens(file.addedTokens(), new Normalizer.Sequence(normalizers)),
                new PreTokenizer.Sequence(List.of()),
                new BpeModel(vocabulary, merges, settings),
                file.postProcessor(true, SENTENCEPIECE_BEGINNING, SENTENCEPIECE_END),
                sentencePieceDecoder(prefixed)));
    }

    private static Decoder sentencePieceDecoder(boolean prefixed) {
        List<Decoder> steps = new ArrayList<>(List.of(
                new Decoder.Replace(new TextPattern.Literal(SPACE), " "),
                new Decoder.ByteFallback(),
                new Decoder.Fuse()));
        if (prefixed) {
            steps.add(new Decoder.Strip(' ', 1, 0));
        }
        return new Decoder.Sequence(steps);
    }

    private static Tokenizer byteLevel(GgufVocabulary file) {
        GgufSplitting splitting = GgufSplitting.of(file.options().pre().orElse("default"));
        Vocabulary vocabulary = Vocabulary.of(file.tokens());
        List<Merge> merges = new ArrayList<>(file.merges().size());
        for (String line : file.merges()) {
            merges.add(Merge.parse(line, merges.size()));
        }
        BpeSettings settings =
                splitting.takesWholePieces() ? BpeSettings.BYTE_LEVEL.ignoringMerges() : BpeSettings.BYTE_LEVEL;
        return new PipelineTokenizer(new PipelineTokenizer.Parts(
                new AddedTokens(file.addedTokens(), splitting.normalizer()),
                splitting.preTokenizer(),
                new BpeModel(vocabulary, Merge.table(merges, vocabulary, ""), settings),
                file.postProcessor(splitting.takesWholePieces(), BYTE_LEVEL_MARK, BYTE_LEVEL_MARK),
                new Decoder.ByteLevel()));
    }
}
