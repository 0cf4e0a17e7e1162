package io.orrery.finetune.worker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** What the worker counts. */
@Component
class WorkerMeters {
    private final Counter steps;
    private final Counter tokens;
    private final Counter trainedTokens;
    private final Timer queueWait;

    WorkerMeters(MeterRegistry registry) {
        steps = Counter.builder("orrery.finetune.steps")
                .description("Optimiser steps")
                .register(registry);
        tokens = Counter.builder("orrery.finetune.tokens")
                .description("Tokens computed in training")
                .register(registry);
        trainedTokens = Counter.builder("orrery.finetune.trained.tokens")
                .description("Tokens that counted in a loss")
                .register(registry);
        queueWait = Timer.builder("orrery.finetune.queue.wait")
                .description("From queued to taken by a worker")
                .register(registry);
    }

    void step(Training.Step step) {
        steps.increment();
        tokens.increment(step.tokens());
        trainedTokens.increment(step.trainedTokens());
    }

    void waited(Duration time) {
        queueWait.record(time);
    }
}
