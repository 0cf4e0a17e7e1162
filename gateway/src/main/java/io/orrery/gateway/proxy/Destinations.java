package io.orrery.gateway.proxy;

import io.orrery.api.inference.ModelName;
import io.orrery.gateway.route.Worker;
import io.orrery.gateway.route.Workers;
import io.orrery.gateway.wire.Refusal;
import io.orrery.gateway.wire.RefusedException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Who may answer a call, the best first. Thread-safe. */
@Component
class Destinations {
    private static final Duration NEXT_REPORTS = Duration.ofSeconds(5);

    private final Workers workers;
    private final Target registry;
    private final Target finetune;
    private final int attempts;

    Destinations(Workers workers, UpstreamProperties.Addresses addresses, ProxyProperties properties) {
        this.workers = workers;
        this.registry = Target.service("the model-registry", addresses.registryUrl());
        this.finetune = Target.service("the finetune-service", addresses.finetuneUrl());
        this.attempts = properties.attempts();
    }

    /** @throws RefusedException where no worker is live */
    List<Target> forModel(String model) {
        return targets(workers.forModel(ModelName.parse(model)));
    }

    /** @throws RefusedException where no worker is live */
    List<Target> anyWorker() {
        return targets(workers.any());
    }

    /** @param isRepeatable whether asking twice changes nothing */
    List<Target> registry(boolean isRepeatable) {
        return Collections.nCopies(isRepeatable ? attempts : 1, registry);
    }

    /** @param isRepeatable whether asking twice changes nothing */
    List<Target> finetune(boolean isRepeatable) {
        return Collections.nCopies(isRepeatable ? attempts : 1, finetune);
    }

    private List<Target> targets(List<Worker> live) {
        if (live.isEmpty()) {
            throw new RefusedException(
                    Refusal.of(HttpStatus.SERVICE_UNAVAILABLE, "no_worker_available", workers.whyNone())
                            .withRetryAfter(NEXT_REPORTS));
        }
        return live.stream().map(Target::worker).toList();
    }
}
