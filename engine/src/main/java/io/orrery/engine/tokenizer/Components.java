package io.orrery.engine.tokenizer;

import java.text.Normalizer.Form;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/** Reads normalizers, pre-tokenizers and decoders of a tokenizer.json by their types. */
final class Components {
    private static final String NORMALIZERS =
            "Sequence, NFC, NFD, NFKC, NFKD, Lowercase, Replace, Prepend, Strip, StripAccents, ByteLevel,"
                    + " BertNormalizer, Nmt, Precompiled";
    private static final String PRE_TOKENIZERS =
            "Sequence, ByteLevel, Metaspace, Split, Digits, Whitespace, WhitespaceSplit,"
                    + " Punctuation, CharDelimiterSplit, BertPreTokenizer, FixedLength";
    private static final String DECODERS =
            "Sequence, ByteLevel, ByteFallback, Fuse, Replace, Strip, Metaspace, BPEDecoder, WordPiece";

    /** Rust's regular expression, whose {@code \w} is Java's and not Oniguruma's. */
    private static final TextPattern WORDS =
            new TextPattern.Regex(Pattern.compile("\\w+|[^\\w\\s]+", Pattern.UNICODE_CHARACTER_CLASS));

    private Components() {}

    static Normalizer normalizer(Component of) {
        return switch (of.type()) {
            case "Sequence" ->
                new Normalizer.Sequence(of.list("normalizers").stream()
                        .map(Components::normalizer)
                        .toList());
            case "NFC", "NFD", "NFKC", "NFKD" -> new Normalizer.Unicode(Form.valueOf(of.type()));
            case "Lowercase" -> new Normalizer.Lowercase();
            case "Replace" -> new Normalizer.Replace(of.pattern(), of.text("content"));
            case "Prepend" -> new Normalizer.Prepend(of.text("prepend"));
            case "Strip" -> new Normalizer.Strip(of.flag("strip_left", true), of.flag("strip_right", true));
            case "StripAccents" -> new Normalizer.StripAccents();
            case "ByteLevel" -> new Normalizer.ByteLevel();
            case "Nmt" -> new Normalizer.Nmt();
            case "Precompiled" -> new Normalizer.Precompiled(PrecompiledMap.parse(of.text("precompiled_charsmap")));
            case "BertNormalizer" -> {
                boolean lowercase = of.flag("lowercase", true);
                yield new Normalizer.Bert(
                        of.flag("clean_text", true),
                        of.flag("handle_chinese_chars", true),
                        of.flag("strip_accents", lowercase),
                        lowercase);
            }
            default -> throw of.unknownType(NORMALIZERS);
        };
    }

    static PreTokenizer preTokenizer(Component of) {
        return switch (of.type()) {
            case "Sequence" ->
                new PreTokenizer.Sequence(of.list("pretokenizers").stream()
                        .map(Components::preTokenizer)
                        .toList());
            case "ByteLevel" ->
                new PreTokenizer.ByteLevel(of.flag("add_prefix_space", true), of.flag("use_regex", true));
            case "Metaspace" ->
                new PreTokenizer.Metaspace(
                        Character.toString(of.character("replacement")), scheme(of), of.flag("split", true));
            case "Split" -> new PreTokenizer.Split(of.pattern(), behavior(of, "Isolated"), of.flag("invert", false));
            case "Digits" ->
                characters(
                        UnicodeClass::isNumber,
                        of.flag("individual_digits", false) ? SplitBehavior.ISOLATED : SplitBehavior.CONTIGUOUS);
            case "Punctuation" -> characters(UnicodeClass::isPunctuation, behavior(of, "Isolated"));
            case "WhitespaceSplit" -> characters(UnicodeClass::isWhiteSpace, SplitBehavior.REMOVED);
            case "CharDelimiterSplit" -> {
                int delimiter = of.character("delimiter");
                yield characters(c -> c == delimiter, SplitBehavior.REMOVED);
            }
            case "BertPreTokenizer" ->
                new PreTokenizer.Sequence(List.of(
                        characters(UnicodeClass::isWhiteSpace, SplitBehavior.REMOVED),
                        characters(UnicodeClass::isPunctuation, SplitBehavior.ISOLATED)));
            case "FixedLength" -> {
                int length = of.number("length", 5);
                if (length == 0) {
                    throw of.wrong("length", "a whole number from 1 on");
                }
                yield new PreTokenizer.FixedLength(length);
            }
            case "Whitespace" -> new PreTokenizer.Split(WORDS, SplitBehavior.REMOVED, true);
            default -> throw of.unknownType(PRE_TOKENIZERS);
        };
    }

    static Decoder decoder(Component of) {
        return switch (of.type()) {
            case "Sequence" ->
                new Decoder.Sequence(
                        of.list("decoders").stream().map(Components::decoder).toList());
            case "ByteLevel" -> new Decoder.ByteLevel();
            case "ByteFallback" -> new Decoder.ByteFallback();
            case "Fuse" -> new Decoder.Fuse();
            case "Replace" -> new Decoder.Replace(of.pattern(), of.text("content"));
            case "Strip" -> new Decoder.Strip(of.character("content"), of.number("start", 0), of.number("stop", 0));
            case "Metaspace" ->
                new Decoder.Metaspace(
                        Character.toString(of.character("replacement")),
                        scheme(of) != PreTokenizer.Metaspace.PrependScheme.NEVER);
            case "WordPiece" -> new Decoder.WordPiece(of.text("prefix", "##"), of.flag("cleanup", true));
            case "BPEDecoder" -> new Decoder.WordSuffix(of.text("suffix", "</w>"));
            default -> throw of.unknownType(DECODERS);
        };
    }

    private static PreTokenizer characters(IntPredicate contains, SplitBehavior behavior) {
        return new PreTokenizer.Split(new TextPattern.CharacterClass(contains), behavior, false);
    }

    private static SplitBehavior behavior(Component of, String otherwise) {
        String name = of.text("behavior", otherwise);
        return switch (name) {
            case "Removed" -> SplitBehavior.REMOVED;
            case "Isolated" -> SplitBehavior.ISOLATED;
            case "Contiguous" -> SplitBehavior.CONTIGUOUS;
            case "MergedWithPrevious" -> SplitBehavior.MERGED_WITH_PREVIOUS;
            case "MergedWithNext" -> SplitBehavior.MERGED_WITH_NEXT;
            default ->
                throw of.wrong("behavior", "Removed, Isolated, Contiguous, MergedWithPrevious or MergedWithNext");
        };
    }

    /** Files before tokenizers 0.15 say {@code add_prefix_space}. */
    private static PreTokenizer.Metaspace.PrependScheme scheme(Component of) {
        String otherwise = of.flag("add_prefix_space", true) ? "always" : "never";
        return switch (of.text("prepend_scheme", otherwise)) {
            case "always" -> PreTokenizer.Metaspace.PrependScheme.ALWAYS;
            case "first" -> PreTokenizer.Metaspace.PrependScheme.FIRST;
            case "never" -> PreTokenizer.Metaspace.PrependScheme.NEVER;
            default -> throw of.wrong("prepend_scheme", "always, first or never");
        };
    }
}
