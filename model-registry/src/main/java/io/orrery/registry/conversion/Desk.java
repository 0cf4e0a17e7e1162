package io.orrery.registry.conversion;

import io.orrery.api.hub.ConversionMessage;
import io.orrery.registry.conversion.Leases.Lease;
import java.util.Optional;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Looks up what a message asks for: the row is the truth, and a message that comes twice begins nothing twice. */
@Component
class Desk {
    private static final Logger LOG = LoggerFactory.getLogger(Desk.class);

    /** What is to be done with a message. */
    sealed interface Decision {
        record Begin(Run run) implements Decision {}

        record Answer(AcknowledgeType type) implements Decision {}
    }

    private final Leases leases;
    private final Workshop workshop;
    private final ConversionMeters meters;
    private final ConversionProperties properties;
    private final JsonMapper json;

    Desk(Leases leases, Workshop workshop, ConversionMeters meters, ConversionProperties properties, JsonMapper json) {
        this.leases = leases;
        this.workshop = workshop;
        this.meters = meters;
        this.properties = properties;
        this.json = json;
    }

    Decision decide(String message, String worker) {
        Optional<String> id = id(message);
        if (id.isEmpty()) {
            return new Decision.Answer(AcknowledgeType.REJECT);
        }
        if (leases.endExhausted(id.get())) {
            LOG.warn("The conversion {} was begun too often and is given up", id.get());
            return new Decision.Answer(AcknowledgeType.REJECT);
        }
        Optional<Lease> lease = leases.claim(id.get(), worker);
        return lease.isPresent()
                ? new Decision.Begin(new Run(lease.get(), workshop, leases, meters, properties))
                // it has ended, or somebody has it whose death would be noticed
                : new Decision.Answer(AcknowledgeType.ACCEPT);
    }

    @SuppressWarnings("NullAway") // a foreign message may lack the id, or be null
    private Optional<String> id(String message) {
        try {
            ConversionMessage parsed = json.readValue(message, ConversionMessage.class);
            if (parsed != null && parsed.conversion() != null) {
                return Optional.of(parsed.conversion());
            }
            LOG.warn("Rejected a message on {} without a conversion", ConversionMessage.TOPIC);
        } catch (JacksonException e) {
            LOG.warn(
                    "Rejected a message on {} that is none of ours: {}",
                    ConversionMessage.TOPIC,
                    e.getOriginalMessage());
        }
        return Optional.empty();
    }
}
