package io.orrery.cli.conformance;

import io.orrery.engine.checkpoint.gguf.GgufFile;
import io.orrery.engine.tokenizer.GgufTokenizer;
import io.orrery.engine.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;

/** A published vocabulary in a gzipped GGUF file: its own .inp and .out texts, and further strings. */
final class VocabularyCase {
    private static final String BETWEEN = "\n__ggml_vocab_test__\n";
    private static final List<String> DESCRIPTIVE = List.of(
            "computed_by",
            "second_opinion",
            "reproduces_published_file",
            "published_texts_not_reproduced",
            "strings_where_llama_cpp_differs");

    private final GoldenCase golden;
    private final Checks checks;

    VocabularyCase(GoldenCase golden, Checks checks) {
        this.golden = golden;
        this.checks = checks;
    }

    void check() {
        DESCRIPTIVE.forEach(name -> golden.value("/" + name));
        golden.value("/gguf/file");
        golden.value("/gguf/model");
        golden.value("/gguf/pre");
        Tokenizer tokenizer = read(golden.peek("/gguf/file").asString(""));
        checks.equal("/gguf/size", tokenizer.vocabSize());
        golden.value("/published");
        published(tokenizer, golden.peek("/gguf/file").asString("").replaceFirst("\\.gz$", ""));
        Tally strings = new Tally();
        for (JsonNode each : golden.value("/strings")) {
            String text = each.path("text").asString("");
            JsonNode want = each.has("ids") ? each.get("ids") : each.path("ids_llama_cpp");
            strings.compare(text, ids(tokenizer, text), Arrays.toString(Conversations.ids(want)));
        }
        checks.outcome("strings", strings.difference());
    }

    private static String ids(Tokenizer tokenizer, String text) {
        return Arrays.toString(tokenizer.encode(text, false));
    }

    private Tokenizer read(String file) {
        try {
            Path unpacked = Files.createTempFile("vocabulary", ".gguf");
            try (InputStream in =
                    new GZIPInputStream(Files.newInputStream(golden.folder().resolve(file)))) {
                Files.copy(in, unpacked, StandardCopyOption.REPLACE_EXISTING);
                try (GgufFile gguf = GgufFile.open(unpacked)) {
                    return GgufTokenizer.of(gguf.metadata());
                }
            } finally {
                Files.delete(unpacked);
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot unpack " + file, unreadable);
        }
    }

    /** The texts that llama.cpp publishes beside a vocabulary, with a line of ids for each. */
    private void published(Tokenizer tokenizer, String file) {
        List<String> texts = List.of(withoutEnd(read(file, ".inp")).split(BETWEEN, -1));
        List<String> lines = read(file, ".out").lines().toList();
        Tally published = new Tally();
        for (int i = 0; i < Math.max(texts.size(), lines.size()); i++) {
            String text = i < texts.size() ? texts.get(i) : "";
            String want = i < lines.size() ? lines.get(i).strip() : "no line";
            published.compare(text, spaced(tokenizer.encode(text, false)), want);
        }
        checks.outcome("published", published.difference());
    }

    /** The last text has the mark behind it too. */
    private static String withoutEnd(String texts) {
        return texts.endsWith(BETWEEN) ? texts.substring(0, texts.length() - BETWEEN.length()) : texts;
    }

    private static String spaced(int[] ids) {
        return String.join(" ", Arrays.stream(ids).mapToObj(String::valueOf).toList());
    }

    private String read(String file, String suffix) {
        Path path = golden.folder().resolve(file + suffix);
        try {
            return Files.readString(path);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + path, unreadable);
        }
    }
}
