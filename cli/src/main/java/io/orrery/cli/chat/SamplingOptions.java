package io.orrery.cli.chat;

import io.orrery.engine.generate.SamplingParams;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How tokens are chosen, in OpenAI's words. */
final class SamplingOptions {
    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "0.7",
            description = "0 for the likeliest token always (default: ${DEFAULT-VALUE}).")
    private float temperature;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            defaultValue = "1",
            description = "Only the likeliest tokens that reach this probability together (default: ${DEFAULT-VALUE}).")
    private float topP;

    @Option(names = "--seed", paramLabel = "N", description = "Makes an answer repeatable.")
    private @Nullable Long seed;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "1024",
            description = "Longest answer (default: ${DEFAULT-VALUE}).")
    private int maxTokens;

    int maxTokens() {
        return maxTokens;
    }

    SamplingParams params() {
        return SamplingParams.of(temperature, topP, seed == null ? System.nanoTime() : seed);
    }

    /** The fields of a request. */
    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("temperature", temperature);
        fields.put("top_p", topP);
        fields.put("max_tokens", maxTokens);
        if (seed != null) {
            fields.put("seed", seed);
        }
        return fields;
    }
}
