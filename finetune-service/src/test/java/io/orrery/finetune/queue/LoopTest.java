package io.orrery.finetune.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopTest {
    private final Signal signal = new Signal();
    private final BlockingQueue<String> done = new LinkedBlockingQueue<>();
    private final AtomicInteger pieces = new AtomicInteger();
    private volatile Duration next = Loop.IDLE;

    private final Loop loop = new Loop(
            new Loop.Setting(Thread.ofVirtual().name("loop"), Duration.ofSeconds(60), Duration.ofSeconds(5), 0),
            signal,
            new Loop.Work() {
                @Override
                public Duration once() {
                    done.add("piece " + pieces.incrementAndGet());
                    if (pieces.get() == 2) {
                        throw new IllegalStateException("a piece went wrong");
                    }
                    return next;
                }

                @Override
                public void starting() {
                    done.add("starting");
                }

                @Override
                public void stopping() {
                    done.add("stopping");
                }
            });

    @AfterEach
    void stop() {
        loop.stop();
    }

    @Test
    void itSleepsUntilItIsWokenAndOutlivesAFailure() throws Exception {
        loop.start();
        expect("starting", "piece 1");
        signal.raise();
        expect("piece 2");
        signal.raise();
        expect("piece 3");
        assertThat(done.poll(100, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void itGoesOnByItselfWhenThereIsMoreLater() throws Exception {
        next = Duration.ofMillis(1);
        loop.start();
        expect("starting", "piece 1", "piece 2");
    }

    @Test
    void itCanBeStoppedAndStartedAgain() throws Exception {
        loop.start();
        expect("starting", "piece 1");
        loop.stop();
        expect("stopping");
        assertThat(loop.isRunning()).isFalse();
        signal.raise();
        assertThat(done.poll(100, TimeUnit.MILLISECONDS)).isNull();
        loop.start();
        expect("starting", "piece 2");
    }

    private void expect(String... what) throws InterruptedException {
        for (String next : what) {
            assertThat(done.poll(5, TimeUnit.SECONDS)).isEqualTo(next);
        }
    }
}
