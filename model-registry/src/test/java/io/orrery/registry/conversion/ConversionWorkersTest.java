package io.orrery.registry.conversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.api.hub.Conversion;
import io.orrery.api.hub.ConversionMessage;
import io.orrery.registry.conversion.Leases.Lease;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.transaction.support.TransactionTemplate;

class ConversionWorkersTest extends ConvertingRegistry {
    @Autowired
    Workers workers;

    @Autowired
    ShareGroup group;

    @Autowired
    Leases leases;

    @Autowired
    Workshop workshop;

    @Autowired
    KafkaTemplate<String, String> kafka;

    @Autowired
    TransactionTemplate transactions;

    @AfterEach
    void workersWork() {
        if (!workers.isRunning()) {
            workers.start();
        }
    }

    private Conversion asked(String repo) throws IOException {
        publishTiny("workers/" + repo);
        return ask("{\"source\":\"workers/" + repo + "\",\"kind\":\"gguf\",\"type\":\"Q8_0\",\"target\":\"lab/of-"
                + repo + "\"}");
    }

    /** Takes the message of a conversion as a worker does, and never answers. */
    private static void take(KafkaShareConsumer<String, String> dying, String conversion) {
        Map<String, Boolean> taken = new HashMap<>();
        eventually(() -> {
            for (ConsumerRecord<String, String> message : dying.poll(Duration.ofMillis(500))) {
                taken.put(message.key(), true);
            }
            return taken.containsKey(conversion);
        });
    }

    @Test
    void aConversionWhoseWorkerDiedIsBegunAgainByAnother() throws IOException {
        workers.stop();
        Conversion asked = asked("died");
        try (KafkaShareConsumer<String, String> dying = group.join("dying")) {
            take(dying, asked.id());
            Lease lost = leases.claim(asked.id(), "dying").orElseThrow();
            assertThat(look(asked.id()).state()).isEqualTo("running");
            workers.start();

            Conversion ended = ended(asked);
            assertThat(ended.state()).isEqualTo("succeeded");
            assertThat(ended.attempt()).isEqualTo(2);
            // the dead one comes back, and changes nothing
            assertThat(leases.beat(lost, ended.progress())).isFalse();
            assertThat(leases.fail(lost, "too late")).isFalse();
            assertThatThrownBy(() -> workshop.make(lost, new Tally(1))).isInstanceOf(Tally.StoppedException.class);
            assertThat(alice().info("lab/of-died", "main").sha()).isEqualTo(ended.commit());
        }
    }

    @Test
    void aConversionThatTakesLongerThanItsLockIsNotHandedOutTwice() throws IOException {
        publishTiny("workers/long");
        String[] id = new String[1];
        transactions.executeWithoutResult(status -> {
            // the worker waits at the end for the table of refs
            jdbc.sql("lock table git_ref in share row exclusive mode").update();
            id[0] = askApart("{\"source\":\"workers/long\",\"kind\":\"gguf\",\"type\":\"Q8_0\"}");
            eventually(() -> look(id[0]).progress().stage().equals("publishing"));
            long until = System.nanoTime() + Duration.ofMillis(4500).toNanos();
            eventually(() -> System.nanoTime() > until);
            assertThat(look(id[0]).state()).isEqualTo("running");
        });
        eventually(() -> look(id[0]).hasEnded());
        assertThat(look(id[0]).state()).isEqualTo("succeeded");
        assertThat(look(id[0]).attempt()).isEqualTo(1);
    }

    private String askApart(String body) {
        return ask(body).id();
    }

    @Test
    void aConversionThatKillsItsWorkersIsGivenUp() throws IOException {
        workers.stop();
        Conversion asked = asked("poison");
        for (int death = 0; death < 3; death++) {
            assertThat(leases.claim(asked.id(), "killed-" + death)).isPresent();
            jdbc.sql("update conversion set lease_until = now() - interval '1 second' where id = :id")
                    .param("id", asked.id())
                    .update();
        }
        workers.start();
        Conversion ended = ended(asked);
        assertThat(ended.state()).isEqualTo("failed");
        assertThat(ended.error()).contains("begun 3 times and never ended, last by killed-2");
        assertThat(get("/api/models/lab/of-poison").statusCode()).isEqualTo(404);
    }

    @Test
    void aMessageThatIsNoConversionHoldsNothingUp() throws IOException {
        kafka.send(ConversionMessage.TOPIC, "x", "{not json").join();
        kafka.send(ConversionMessage.TOPIC, "x", "{}").join();
        kafka.send(ConversionMessage.TOPIC, "x", "{\"conversion\":\"of-nobody\"}")
                .join();
        assertThat(ended(asked("after")).state()).isEqualTo("succeeded");
    }

    @Test
    void oneThatWaitsIsCancelledAndNeverBegun() throws IOException {
        workers.stop();
        Conversion asked = asked("cancelled");
        assertThat(call("DELETE", "/api/conversions/" + asked.id(), "").statusCode())
                .isEqualTo(200);
        workers.start();
        assertThat(ended(asked("cancelled-2")).state()).isEqualTo("succeeded");
        assertThat(look(asked.id()).state()).isEqualTo("cancelled");
        assertThat(look(asked.id()).attempt()).isZero();
        assertThat(call("DELETE", "/api/conversions/" + asked.id(), "").statusCode())
                .isEqualTo(200);
    }

    @Test
    void oneThatRunsIsCancelledAndLeavesNothing() throws IOException {
        workers.stop();
        Conversion asked = asked("stopped");
        Lease lease = leases.claim(asked.id(), "here").orElseThrow();
        call("DELETE", "/api/conversions/" + asked.id(), "");
        assertThat(leases.beat(lease, look(asked.id()).progress())).isFalse();
        assertThatThrownBy(() -> workshop.make(lease, new Tally(1))).isInstanceOf(Tally.StoppedException.class);
        assertThat(get("/api/models/lab/of-stopped").statusCode()).isEqualTo(404);
        assertThat(look(asked.id()).state()).isEqualTo("cancelled");
    }

    @Test
    void whatFailedForAWhileIsTriedAgain() throws IOException {
        workers.stop();
        Conversion asked = asked("again");
        Lease lease = leases.claim(asked.id(), "here").orElseThrow();
        assertThat(leases.retry(lease, "No room", Duration.ofMillis(1))).isFalse();
        assertThat(look(asked.id()).state()).isEqualTo("queued");
        assertThat(look(asked.id()).error()).isEqualTo("No room");
        workers.start();
        Conversion ended = ended(asked);
        assertThat(ended.state()).isEqualTo("succeeded");
        assertThat(ended.error()).isNull();
        assertThat(ended.attempt()).isEqualTo(2);
    }
}
