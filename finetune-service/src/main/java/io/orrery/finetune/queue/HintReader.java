package io.orrery.finetune.queue;

import io.orrery.api.finetune.JobMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.MessageListener;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Hands wake-ups and control to the listeners, each once while it is remembered. Confined to Kafka's thread. */
@Component
class HintReader implements MessageListener<String, String> {
    private static final Logger LOG = LoggerFactory.getLogger(HintReader.class);
    private static final int REMEMBERED = 10_000;

    private final List<HintListener> listeners;
    private final JsonMapper json = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private final Set<String> seen = new HashSet<>();
    private final Deque<String> oldestFirst = new ArrayDeque<>();

    HintReader(List<HintListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    @Override
    public void onMessage(ConsumerRecord<String, String> record) {
        JobMessage message;
        try {
            message = json.readValue(record.value(), JobMessage.class);
        } catch (JacksonException e) {
            LOG.warn("Passed over a message on {} that is no job's: {}", record.topic(), e.getOriginalMessage());
            return;
        }
        if (isNew(message.id())) {
            listeners.forEach(listener -> listener.hint(message));
        }
    }

    private boolean isNew(String id) {
        if (!seen.add(id)) {
            return false;
        }
        oldestFirst.add(id);
        if (oldestFirst.size() > REMEMBERED) {
            seen.remove(oldestFirst.remove());
        }
        return true;
    }
}
