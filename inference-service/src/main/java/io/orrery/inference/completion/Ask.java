package io.orrery.inference.completion;

import io.orrery.api.openai.GenerationParameters;
import io.orrery.api.openai.StreamOptions;
import io.orrery.engine.generate.SamplingParams;
import io.orrery.inference.wire.OpenAiProblem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What both kinds of completion are told in the same words, checked.
 *
 * @param n answers to each prompt
 * @param stops texts that end an answer
 * @param includeUsage whether a stream ends with the usage
 */
record Ask(String model, int n, List<String> stops, boolean stream, boolean includeUsage, SamplingParams sampling) {
    private static final int MOST_ANSWERS = 128;
    private static final int MOST_STOPS = 4;
    private static final double MOST_BIAS = 100;

    /** @throws OpenAiProblem that names the field at fault */
    static Ask of(GenerationParameters request) {
        @SuppressWarnings("NullAway") // JSON may leave it out
        boolean named = request.model() != null && !request.model().isBlank();
        if (!named) {
            throw OpenAiProblem.invalid("model", "The body has no \"model\"; name one that GET /v1/models lists.");
        }
        boolean stream = Boolean.TRUE.equals(request.stream());
        StreamOptions options = request.streamOptions();
        if (options != null && !stream) {
            throw OpenAiProblem.invalid("stream_options", "stream_options is only for requests with \"stream\": true.");
        }
        return new Ask(
                request.model(),
                (int) range("n", or(request.n(), 1), 1, MOST_ANSWERS),
                stops(request.stop()),
                stream,
                options != null && Boolean.TRUE.equals(options.includeUsage()),
                sampling(request));
    }

    private static SamplingParams sampling(GenerationParameters request) {
        double topP = range("top_p", or(request.topP(), 1), 0, 1);
        double repetitionPenalty = or(request.repetitionPenalty(), 1);
        if (topP == 0) {
            throw OpenAiProblem.invalid("top_p", "top_p is 0; it must be above 0, to 1.");
        }
        if (!(repetitionPenalty > 0) || Double.isInfinite(repetitionPenalty)) {
            throw OpenAiProblem.invalid(
                    "repetition_penalty", "repetition_penalty is " + repetitionPenalty + "; it must be above 0.");
        }
        return new SamplingParams(
                (float) range("temperature", or(request.temperature(), 1), 0, 2),
                // -1 is vLLM's word for all
                (int) Math.max(0, range("top_k", or(request.topK(), 0), -1, Integer.MAX_VALUE)),
                (float) topP,
                (float) range("min_p", or(request.minP(), 0), 0, 1),
                (float) repetitionPenalty,
                (float) range("presence_penalty", or(request.presencePenalty(), 0), -2, 2),
                (float) range("frequency_penalty", or(request.frequencyPenalty(), 0), -2, 2),
                bias(request.logitBias()),
                Optional.ofNullable(request.seed())
                        .orElseGet(() -> ThreadLocalRandom.current().nextLong()));
    }

    private static double or(@Nullable Number value, double other) {
        return value == null ? other : value.doubleValue();
    }

    /** @throws OpenAiProblem where the value is outside */
    static double range(String param, double value, double low, double high) {
        if (!(value >= low && value <= high)) {
            throw OpenAiProblem.invalid(
                    param,
                    param + " is " + number(value) + "; it must be between " + number(low) + " and " + number(high)
                            + ".");
        }
        return value;
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static List<String> stops(@Nullable Object stop) {
        List<?> all = switch (stop) {
            case null -> List.of();
            case List<?> list -> list;
            default -> List.of(stop);
        };
        if (all.size() > MOST_STOPS || !all.stream().allMatch(String.class::isInstance)) {
            throw OpenAiProblem.invalid("stop", "stop must be a text or a list of up to " + MOST_STOPS + " texts.");
        }
        return all.stream()
                .map(String.class::cast)
                .filter(text -> !text.isEmpty())
                .toList();
    }

    private static Map<Integer, Float> bias(@Nullable Map<String, Double> biases) {
        if (biases == null) {
            return Map.of();
        }
        Map<Integer, Float> byToken = new HashMap<>();
        biases.forEach((token, bias) -> {
            if (!token.matches("\\d{1,9}")) {
                throw OpenAiProblem.invalid(
                        "logit_bias", "logit_bias has the key '" + token + "'; its keys must be token ids.");
            }
            byToken.put(Integer.parseInt(token), (float) range("logit_bias", or(bias, 0), -MOST_BIAS, MOST_BIAS));
        });
        return byToken;
    }

    /** The random numbers of one of several answers to the same prompt. */
    SamplingParams sampling(int answer) {
        return new SamplingParams(
                sampling.temperature(),
                sampling.topK(),
                sampling.topP(),
                sampling.minP(),
                sampling.repetitionPenalty(),
                sampling.presencePenalty(),
                sampling.frequencyPenalty(),
                sampling.logitBias(),
                sampling.seed() + answer);
    }
}
