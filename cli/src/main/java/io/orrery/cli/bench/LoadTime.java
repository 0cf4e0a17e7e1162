package io.orrery.cli.bench;

import io.orrery.engine.generate.Engine;
import io.orrery.engine.generate.EngineOptions;
import io.orrery.engine.generate.MemoryPlan;
import io.orrery.engine.generate.ServedModel;
import io.orrery.engine.generate.ServingOptions;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.ops.Ops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * How long a model takes from its file to its first token, step by step in the order of {@code seconds}, and what it leaves in memory.
 *
 * @param seconds of each step
 * @param plan what the engine meant to take
 * @param anonymousBytes of the whole process, its heap and code included, after the first token; empty where there is no /proc
 */
record LoadTime(Map<String, Double> seconds, MemoryPlan plan, OptionalLong anonymousBytes) {
    private static final int PROMPT_TOKENS = 16;
    private static final String TEXT =
            "The first token of a prompt is what whoever waits for a model waits for. ".repeat(3);

    /** Opens, loads and asks once, as {@code orrery run} does. */
    static LoadTime of(Path path, Supplier<Ops> device) throws InterruptedException, IOException {
        Map<String, Double> seconds = new LinkedHashMap<>();
        long start = System.nanoTime();
        try (ModelFiles files = ModelFiles.open(path)) {
            start = lap(seconds, "open", start);
            int[] prompt = prompt(files);
            start = lap(seconds, "tokenizer", start);
            try (Engine engine = new Engine("bench", device, EngineOptions.DEFAULT)) {
                start = lap(seconds, "device", start);
                MemoryPlan plan = engine.plan(files, ServingOptions.DEFAULT);
                try (ServedModel served = engine.load(files, ServingOptions.DEFAULT)) {
                    start = lap(seconds, "weights", start);
                    Measurement.run(served, prompt, 1);
                    lap(seconds, "first_token", start);
                    return new LoadTime(seconds, plan, anonymous());
                }
            }
        }
    }

    private static long lap(Map<String, Double> seconds, String step, long start) {
        long now = System.nanoTime();
        seconds.put(step, (now - start) / 1e9);
        return now;
    }

    /** Of a text, so that the tokenizer is used; padded where it has few tokens. */
    private static int[] prompt(ModelFiles files) {
        int[] tokens = files.tokenizer().encode(TEXT, true);
        int[] prompt = new int[PROMPT_TOKENS];
        for (int i = 0; i < prompt.length; i++) {
            prompt[i] = tokens[i % tokens.length];
        }
        return prompt;
    }

    double total() {
        return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    Map<String, Object> json(Path model) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model_filename", model.toString());
        json.put("n_prompt", PROMPT_TOKENS);
        json.put("total_s", total());
        json.put("seconds", seconds);
        json.put("weight_bytes", plan.weightBytes());
        json.put("cache_bytes", plan.cacheBytes());
        anonymousBytes.ifPresent(bytes -> json.put("anonymous_bytes", bytes));
        return json;
    }

    /** RssAnon of this process. */
    private static OptionalLong anonymous() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return OptionalLong.empty();
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("RssAnon:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst();
    }
}
