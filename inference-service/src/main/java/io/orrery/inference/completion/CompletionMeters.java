package io.orrery.inference.completion;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.orrery.api.openai.Usage;
import io.orrery.engine.generate.TextPiece;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Counts and times answers, by model. Thread-safe. */
@Component
class CompletionMeters {
    private static final String MODEL = "model";

    private final MeterRegistry registry;

    CompletionMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void began(String model) {
        Counter.builder("orrery.inference.requests")
                .description("completions that reached their model")
                .tag(MODEL, model)
                .register(registry)
                .increment();
    }

    void answered(String model, Usage usage) {
        tokens("orrery.inference.prompt.tokens", "tokens of prompts that were answered", model, usage.promptTokens());
        tokens("orrery.inference.generated.tokens", "tokens of answers", model, usage.completionTokens());
    }

    private void tokens(String name, String description, String model, int count) {
        Counter.builder(name)
                .description(description)
                .tag(MODEL, model)
                .register(registry)
                .increment(count);
    }

    Timing timing(String model) {
        return new Timing(
                timer(
                        "orrery.inference.time.to.first.token",
                        "from the model's being ready to a choice's first text",
                        model),
                timer("orrery.inference.inter.token", "between two tokens of a choice", model));
    }

    private Timer timer(String name, String description, String model) {
        return Timer.builder(name)
                .description(description)
                .tag(MODEL, model)
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofMinutes(2))
                .register(registry);
    }

    /** One request's times. Confined to its thread. */
    static final class Timing {
        private final Timer first;
        private final Timer between;
        private final long start = System.nanoTime();
        private final Map<Integer, Long> last = new HashMap<>();

        private Timing(Timer first, Timer between) {
            this.first = first;
            this.between = between;
        }

        void piece(Choice choice, TextPiece piece) {
            long now = System.nanoTime();
            Long before = last.put(choice.index(), now);
            if (before == null) {
                first.record(Duration.ofNanos(now - start));
            } else {
                int tokens = Math.max(1, piece.tokens().size());
                for (int i = 0; i < tokens; i++) {
                    between.record(Duration.ofNanos((now - before) / tokens));
                }
            }
        }
    }
}
