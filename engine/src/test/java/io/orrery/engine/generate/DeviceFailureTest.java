package io.orrery.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.ops.DeviceException;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.ScalarOps;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of requests, and of the engine, where the device has no room or ends. */
class DeviceFailureTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private volatile DeviceException failure;
    private final Engine engine = new Engine("test", this::failing, new EngineOptions(16, 8, 64, 4, SOON));

    /** Plain loops, but for what projections throw. */
    private Ops failing() {
        Ops scalar = new ScalarOps();
        return (Ops) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Ops.class}, (_, method, arguments) -> {
                    if (failure != null && method.getName().startsWith("linear")) {
                        throw failure;
                    }
                    try {
                        return method.invoke(scalar, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    private static RuntimeException failureOf(ServedModel model) throws InterruptedException {
        Generation generation = model.submit(
                new GenerationRequest(new int[] {1, 2, 3}, 5, Set.of(), SamplingParams.GREEDY, -1, Optional.empty()));
        while (true) {
            switch (generation.next(SOON)) {
                case GenerationEvent.Failed failed -> {
                    return failed.cause();
                }
                case GenerationEvent.Finished finished -> throw new AssertionError("did not fail: " + finished);
                case GenerationEvent.Token _, GenerationEvent.Scored _ -> {}
            }
        }
    }

    @Test
    void aStepWithoutRoomFailsItsRequestsAndNothingElse() throws InterruptedException {
        ServedModel model = TinyModel.load(engine, 256);
        failure = new DeviceException(DeviceException.Reason.NO_ROOM, "512 bytes of 3 are free");
        assertThat(failureOf(model))
                .isInstanceOfSatisfying(
                        EngineException.class, busy -> assertThat(busy.reason()).isEqualTo(EngineException.Reason.BUSY))
                .hasMessage("the device has no memory left for this step: 512 bytes of 3 are free");
        assertThat(engine.isRunning()).isTrue();
        failure = null;
        assertThatThrownBy(() -> failureOf(model)).hasMessageContaining("did not fail");
        model.close();
    }

    @Test
    void aDeviceThatEndsEndsTheEngine() throws InterruptedException {
        ServedModel model = TinyModel.load(engine, 256);
        failure = new DeviceException(DeviceException.Reason.ENDED, "the GPU stopped");
        assertThat(failureOf(model)).hasMessage("the GPU stopped");
        for (int i = 0; engine.isRunning() && i < 200; i++) {
            Thread.sleep(10);
        }
        assertThat(engine.isRunning()).isFalse();
        assertThatThrownBy(() -> TinyModel.load(engine, 256))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        stopped -> assertThat(stopped.reason()).isEqualTo(EngineException.Reason.STOPPED));
    }
}
