package io.orrery.finetune.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.finetune.JobMessage;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class HintReaderTest {
    private final List<JobMessage> told = new ArrayList<>();
    private final HintReader reader = new HintReader(List.of(told::add));

    @Test
    void aMessageThatComesTwiceIsToldOnce() {
        read("1", "submitted");
        read("1", "submitted");
        read("2", "cancel");
        assertThat(told).extracting(JobMessage::type).containsExactly("submitted", "cancel");
    }

    @Test
    void whatIsNoMessageIsPassedOver() {
        reader.onMessage(new ConsumerRecord<>("finetune.jobs", 0, 0, "x", "{"));
        read("1", "queued");
        assertThat(told).hasSize(1);
    }

    @Test
    void whatIsRememberedIsBounded() {
        for (int i = 0; i <= 10_000; i++) {
            read("id-" + i, "queued");
        }
        read("id-10000", "queued");
        assertThat(told).hasSize(10_001);
        read("id-0", "queued");
        assertThat(told).hasSize(10_002);
    }

    private void read(String id, String type) {
        String value = "{\"id\":\"" + id + "\",\"job\":\"j\",\"project\":\"lab\",\"type\":\"" + type
                + "\",\"status\":\"queued\",\"at\":\"2026-01-01T00:00:00Z\",\"newer\":true}";
        reader.onMessage(new ConsumerRecord<>("finetune.jobs", 0, 0, "j", value));
    }
}
