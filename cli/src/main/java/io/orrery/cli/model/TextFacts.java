package io.orrery.cli.model;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.gguf.GgufHeader;
import io.orrery.engine.checkpoint.gguf.GgufMetadata;
import io.orrery.engine.template.ChatFormat;
import io.orrery.engine.template.TemplateException;
import io.orrery.engine.tokenizer.GgufTokenizer;
import io.orrery.engine.tokenizer.Tokenizer;
import io.orrery.engine.tokenizer.TokenizerException;
import io.orrery.engine.tokenizer.TokenizerJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * How a model reads and writes text.
 *
 * @param tokenizer what it is, such as {@code BPE}; empty where there is none
 * @param special ids of the tokens that are no text, by their names
 * @param finding what is wrong with it, in a sentence
 */
record TextFacts(
        Optional<String> tokenizer,
        int vocabSize,
        Map<String, Integer> special,
        Optional<String> template,
        Optional<String> finding) {
    private static final int SHOWN_TOKENS = 12;
    private static final int SHOWN_LINES = 8;
    private static final int SHOWN_WIDTH = 110;

    /** Of a folder, or of a GGUF file. */
    static TextFacts of(Path path) throws IOException {
        try {
            return Files.isDirectory(path)
                    ? ofFolder(path)
                    : ofGguf(GgufHeader.read(path).metadata());
        } catch (TokenizerException | TemplateException e) {
            return broken(String.valueOf(e.getMessage()));
        } catch (JacksonException e) {
            return broken("tokenizer.json is no JSON: " + e.getOriginalMessage());
        } catch (CheckpointException e) {
            return broken(e.problem());
        }
    }

    private static TextFacts broken(String finding) {
        return new TextFacts(Optional.empty(), 0, Map.of(), Optional.empty(), Optional.of(finding));
    }

    private static TextFacts ofFolder(Path folder) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        Optional<String> template = ChatFormat.source(folder);
        if (!Files.exists(file)) {
            return new TextFacts(Optional.empty(), 0, Map.of(), template, Optional.empty());
        }
        JsonNode model = Input.mapper().readTree(Files.readString(file)).path("model");
        String kind = model.path("type").asString("BPE")
                + (model.path("byte_fallback").asBoolean(false) ? " with bytes for what it lacks" : "");
        return of(kind, TokenizerJson.read(file), template);
    }

    private static TextFacts ofGguf(GgufMetadata metadata) {
        Optional<String> template = metadata.string("tokenizer.chat_template");
        Optional<String> model = metadata.string("tokenizer.ggml.model");
        if (model.isEmpty()) {
            return new TextFacts(Optional.empty(), 0, Map.of(), template, Optional.empty());
        }
        String splitting = metadata.string("tokenizer.ggml.pre")
                .map(pre -> ", split as " + pre)
                .orElse("");
        return of(model.get() + splitting, GgufTokenizer.of(metadata), template);
    }

    private static TextFacts of(String kind, Tokenizer tokenizer, Optional<String> template) {
        Map<String, Integer> special = new LinkedHashMap<>();
        for (int id = 0; id < tokenizer.vocabSize(); id++) {
            if (tokenizer.isSpecial(id)) {
                special.put(tokenizer.token(id), id);
            }
        }
        return new TextFacts(Optional.of(kind), tokenizer.vocabSize(), special, template, Optional.empty());
    }

    /** @param wholeTemplate rather than its first lines */
    List<String> lines(boolean wholeTemplate) {
        List<String> lines = new ArrayList<>();
        finding.ifPresent(text -> lines.add("finding: " + text));
        tokenizer.ifPresent(kind -> lines.add(
                "tokenizer: " + kind + ", " + vocabSize + " tokens, " + special.size() + " of them special" + shown()));
        template.ifPresent(source -> template(lines, source.lines().toList(), wholeTemplate));
        return lines;
    }

    private String shown() {
        String first = special.entrySet().stream()
                .limit(SHOWN_TOKENS)
                .map(token -> token.getKey() + " " + token.getValue())
                .reduce((a, b) -> a + ", " + b)
                .map(all -> ": " + all)
                .orElse("");
        return special.size() > SHOWN_TOKENS ? first + ", …" : first;
    }

    private static void template(List<String> lines, List<String> source, boolean whole) {
        List<String> shown =
                whole ? source : source.stream().flatMap(TextFacts::pieces).toList();
        boolean isCut = !whole && shown.size() > SHOWN_LINES;
        lines.add("chat template" + (isCut ? ", its beginning (whole with --template):" : ":"));
        shown.stream().limit(isCut ? SHOWN_LINES : shown.size()).forEach(line -> lines.add("  | " + line));
    }

    /** Of a line that is long, as templates in one line are. */
    private static Stream<String> pieces(String line) {
        return IntStream.iterate(0, from -> from == 0 || from < line.length(), from -> from + SHOWN_WIDTH)
                .mapToObj(from -> line.substring(from, Math.min(line.length(), from + SHOWN_WIDTH)));
    }

    /** Beside the path and the word {@code text}, what there is. */
    Map<String, Object> toJson(Path path) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("path", path.toString());
        json.put("format", "text");
        finding.ifPresent(text -> json.put("finding", text));
        tokenizer.ifPresent(kind ->
                json.put("tokenizer", Map.of("kind", kind, "vocab_size", vocabSize, "special_tokens", special)));
        template.ifPresent(source -> json.put("chat_template", source));
        return json;
    }
}
