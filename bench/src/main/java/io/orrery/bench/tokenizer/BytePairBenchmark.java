package io.orrery.bench.tokenizer;

import io.orrery.engine.tokenizer.BpeTrainer;
import io.orrery.engine.tokenizer.Tokenizer;
import io.orrery.engine.tokenizer.TokenizerJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Byte-level BPE of one megabyte of mixed text on one thread: operations a second are megabytes a second. The vocabulary is trained
 * on other text of the same kind, and the text is split as a published family splits it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 10, time = 2)
@Fork(2)
public class BytePairBenchmark {
    private static final int MEGABYTE = 1_000_000;
    private static final int VOCABULARY = 16_000;

    /** Whose splitting. */
    @Param({"gpt2", "llama3", "qwen2", "starcoder"})
    public String family = "gpt2";

    private String text = "";
    private Tokenizer tokenizer = TokenizerJson.parse("{\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"<unk>\":0}}}");

    @Setup
    public void prepare() {
        text = cut(MixedText.of(1, MEGABYTE));
        ObjectNode json = JsonMapper.shared()
                .readTree(
                        BpeTrainer.train(List.of(MixedText.of(2, 2 * MEGABYTE)), VOCABULARY, List.of("<|endoftext|>")))
                .asObject();
        json.set("pre_tokenizer", JsonMapper.shared().readTree(Splitting.of(family)));
        tokenizer = TokenizerJson.parse(json.toString());
    }

    /** To a megabyte of UTF-8. */
    private static String cut(String longer) {
        byte[] bytes = longer.getBytes(StandardCharsets.UTF_8);
        return new String(bytes, 0, MEGABYTE, StandardCharsets.UTF_8);
    }

    @Benchmark
    public int[] encodeMegabyte() {
        return tokenizer.encode(text, false);
    }
}
