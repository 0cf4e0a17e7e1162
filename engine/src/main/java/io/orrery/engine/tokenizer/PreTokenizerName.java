package io.orrery.engine.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What llama.cpp calls the way in which a tokenizer.json cuts texts before it merges. */
final class PreTokenizerName {
    private static final String SPACE = "\u2581";
    private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9A-Fa-f]{4})");

    private PreTokenizerName() {}

    /** @throws TokenizerException where llama.cpp has no name for it */
    static String of(TokenizerFile file) {
        List<String> patterns = Component.optional(file.parts(), "pre_tokenizer")
                .map(PreTokenizerName::patterns)
                .orElse(List.of());
        boolean takesWholePieces = new Component("model", file.model()).flag("ignore_merges", false);
        return GgufSplitting.name(
                        patterns.stream().map(PreTokenizerName::unescaped).toList(), takesWholePieces)
                .orElseThrow(() -> new TokenizerException("pre_tokenizer of the tokenizer splits by " + patterns
                        + ", for which llama.cpp has no name; a GGUF file cannot say patterns"));
    }

    private static List<String> patterns(Component step) {
        return switch (step.type()) {
            case "Sequence" ->
                step.list("pretokenizers").stream()
                        .flatMap(each -> patterns(each).stream())
                        .toList();
            case "Split" -> List.of(split(step));
            case "Digits" ->
                List.of(step.flag("individual_digits", false) ? SplitPatterns.DIGIT : SplitPatterns.DIGITS);
            case "ByteLevel" -> step.flag("use_regex", true) ? List.of(SplitPatterns.GPT2) : List.of();
            default -> List.of(step.type());
        };
    }

    private static String split(Component step) {
        String pattern = step.node().path("pattern").path("Regex").asString(step.type());
        boolean isolates = step.text("behavior").equals("Isolated") && !step.flag("invert", false);
        return isolates ? pattern : pattern + " (" + step.text("behavior") + ")";
    }

    /** The same pattern may have a character as it is, or as an escape. */
    static String unescaped(String pattern) {
        return ESCAPE.matcher(pattern)
                .replaceAll(
                        match -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(match.group(1), 16))));
    }

    /** Whether a SentencePiece tokenizer puts a space before texts: by its normalizer, or as Metaspace does. */
    static boolean addsSpace(TokenizerFile file) {
        boolean prepends = parts(file, "normalizer", "normalizers")
                .anyMatch(step ->
                        step.type().equals("Prepend") && step.text("prepend").equals(SPACE));
        return prepends
                || parts(file, "pre_tokenizer", "pretokenizers")
                        .anyMatch(step -> step.type().equals("Metaspace")
                                && !step.text("prepend_scheme", "always").equals("never")
                                && step.flag("add_prefix_space", true));
    }

    private static Stream<Component> parts(TokenizerFile file, String key, String steps) {
        Optional<Component> part = Component.optional(file.parts(), key);
        return part.stream().flatMap(step -> {
            JsonNode list = step.node().path(steps);
            return list.isArray() ? new ArrayList<>(step.list(steps)).stream() : Stream.of(step);
        });
    }
}
