package io.orrery.inference.model;

import static io.orrery.inference.Binding.bind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.inference.wire.OpenAiProblem;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;

/** Memory that is set aside before a model takes it. */
class RoomTest {
    private final Residency residency = residency("50ms");

    @Test
    void aModelThatCanNeverFitIsRefusedAtOnce() {
        Resident large = residency.hold("lab/large", "c").resident();
        assertThatThrownBy(() -> residency.makeRoom(large, 101))
                .isInstanceOfSatisfying(
                        OpenAiProblem.class,
                        problem -> assertThat(problem.status()).isEqualTo(HttpStatus.BAD_REQUEST))
                .hasMessage(
                        "The model lab/large takes 101 bytes with its cache, but models may take only 100 on this device;"
                                + " raise orrery.inference.memory or choose a smaller one.");
    }

    @Test
    void aModelThatOthersLeaveNoRoomForWaitsAndIsRefused() throws InterruptedException {
        Resident first = residency.hold("lab/first", "c").resident();
        residency.makeRoom(first, 60);
        Resident second = residency.hold("lab/second", "c").resident();
        assertThatThrownBy(() -> residency.makeRoom(second, 50))
                .isInstanceOfSatisfying(
                        OpenAiProblem.class,
                        problem -> assertThat(problem.status()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE))
                .hasMessage(
                        "There is no room for the model lab/second: it takes 50 bytes, and 60 of 100 are held by models that"
                                + " others use right now.");
        assertThat(residency.usedBytes()).isEqualTo(60);
    }

    @Test
    void whoWaitsForRoomGetsItWhenALoadFails() throws Exception {
        Residency patient = residency("20s");
        Resident first = patient.hold("lab/first", "c").resident();
        patient.makeRoom(first, 60);
        Resident second = patient.hold("lab/second", "c").resident();
        CompletableFuture<Boolean> room = CompletableFuture.supplyAsync(() -> {
            try {
                patient.makeRoom(second, 50);
                return true;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        patient.drop(first);
        assertThat(room.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(patient.usedBytes()).isEqualTo(50);
    }

    @Test
    void whoComesSecondFindsTheSameModel() {
        Residency.Held first = residency.hold("lab/a", "c");
        Residency.Held second = residency.hold("lab/a", "c");
        assertThat(first.first()).isTrue();
        assertThat(second.first()).isFalse();
        assertThat(second.resident()).isSameAs(first.resident());
        residency.release(first.resident(), Optional.empty());
        assertThat(residency.all()).containsExactly(first.resident());
        assertThat(residency.hold("lab/a", "d").resident()).isNotSameAs(first.resident());
    }

    private static Residency residency(String patience) {
        return new Residency(100, bind(ModelProperties.class, Map.of("room-patience", patience)), () -> {});
    }
}
