package io.orrery.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Hugging Face's own library reads the same tokenizer.json, and must give the same ids and texts. */
final class Oracle implements AutoCloseable {
    private final HuggingFaceTokenizer theirs;
    private final Tokenizer ours;

    private Oracle(HuggingFaceTokenizer theirs, Tokenizer ours) {
        this.theirs = theirs;
        this.ours = ours;
    }

    static Oracle of(Path folder, String json) throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), json);
        Map<String, String> options = Map.of("truncation", "false", "padding", "false", "modelMaxLength", "10000000");
        return new Oracle(HuggingFaceTokenizer.newInstance(file, options), TokenizerJson.read(file));
    }

    void agreesOn(List<String> texts) {
        for (String text : texts) {
            for (boolean special : new boolean[] {false, true}) {
                long[] want = theirs.encode(text, special, false).getIds();
                int[] got = ours.encode(text, special);
                assertThat(Arrays.stream(got).asLongStream().toArray())
                        .as("ids of %s", shown(text))
                        .isEqualTo(want);
                assertThat(ours.decode(got, special))
                        .as("text of %s", shown(text))
                        .isEqualTo(theirs.decode(want, special));
            }
        }
    }

    /** Any ids, which no text need have. */
    void decodesAlike(Random random, int count) {
        for (int n = 0; n < count; n++) {
            int[] ids = random.ints(random.nextInt(1, 12), 0, ours.vocabSize()).toArray();
            String want = theirs.decode(Arrays.stream(ids).asLongStream().toArray(), false);
            assertThat(ours.decode(ids, false))
                    .as("text of %s", Arrays.toString(ids))
                    .isEqualTo(want);
        }
    }

    private static String shown(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }

    @Override
    public void close() {
        theirs.close();
    }

    /** Sentences of many scripts and what breaks tokenizers, and random mixtures of them. */
    static List<String> texts(Random random) {
        List<String> fixed = List.of(
                "",
                " ",
                "   leading and trailing   ",
                "Hello, world! It's 3.14159 o'clock; they'll don't do not won't.",
                "The quick brown fox jumps over the lazy dog.",
                "naïve café résumé Ångström ÀÉÎÕÜ ﬁ ﬂ ½ ² Ⅷ ㎏",
                "e\u0301 a\u030a o\u0308\u0304 \u0301 x\u0300\u0301\u0302",
                "日本語のテキストと漢字、ひらがな。カタカナ！ 中文分词 한국어 문장입니다",
                "Привет, мир! Γειά σου Κόσμε ΣΊΣΥΦΟΣ שלום עולם مرحبا بالعالم नमस्ते ไทย",
                "👩‍🚀 👍🏽 🇩🇪 😀😀 ❤️ 🥰",
                "tab\there\nnew\r\nlines\u0085\u2028 nbsp\u00a0thin\u2009 zero\u200bwidth\ufeff",
                "\u0000\u0001\u001f\u007f\u0080\ufffd\ud7ff",
                "<s>special</s> [UNK] [CLS]x[SEP] <unk> <0x41> ▁word",
                "function f(x) { return x**2 + 10_000; } // comment\n\tif (a != b) {}",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
                "12345678901234567890 ١٢٣ ४५६ ٪",
                "under_score-hyphen—dash…ellipsis «quotes» “curly” ‘single’ $+<=>^`|~");
        Stream<String> mixed = Stream.generate(() -> {
                    StringBuilder text = new StringBuilder();
                    for (int i = 0; i < 6; i++) {
                        String from = fixed.get(random.nextInt(2, fixed.size()));
                        int[] points = from.codePoints().toArray();
                        int start = random.nextInt(points.length);
                        text.append(new String(points, start, random.nextInt(Math.min(9, points.length - start) + 1)));
                    }
                    return text.toString();
                })
                .limit(150);
        return Stream.concat(fixed.stream(), mixed).toList();
    }
}
