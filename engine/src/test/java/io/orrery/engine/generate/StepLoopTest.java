package io.orrery.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.kvcache.BlockPool;
import io.orrery.engine.ops.ScalarOps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The loop over a counting model: after token n it says n + 1, as long as it was shown every token in order. */
class StepLoopTest {
    private static final int VOCABULARY = 1000;
    private final List<List<Integer>> steps = new ArrayList<>();
    private BlockPool pool = new BlockPool(64, 4);

    @AfterEach
    void nothingIsHeldAfterwards() {
        assertThat(pool.freeBlocks()).isEqualTo(pool.blocks());
    }

    @Test
    void promptsAreComputedInChunksAndDecodesComeFirst() throws InterruptedException {
        StepLoop loop = loop(8, 4, 100);
        Generation one = submit(loop, 3, 4);
        loop.step();
        Generation two = submit(loop, 20, 2);
        runOut(loop);
        assertThat(tokens(one)).containsExactly(3, 4, 5, 6);
        assertThat(tokens(two)).containsExactly(20, 21);
        assertThat(steps.get(1))
                .as("one decode, then seven tokens of the other's prompt")
                .containsExactly(1, 7);
    }

    @Test
    void aFullCachePreemptsTheNewestAndLosesNothing() throws InterruptedException {
        pool = new BlockPool(6, 4);
        StepLoop loop = loop(64, 4, 24);
        Generation one = submit(loop, 8, 12);
        Generation two = submit(loop, 8, 12);
        runOut(loop);
        assertThat(tokens(one))
                .containsExactlyElementsOf(IntStream.range(8, 20).boxed().toList());
        assertThat(tokens(two))
                .containsExactlyElementsOf(IntStream.range(8, 20).boxed().toList());
    }

    @Test
    void aCancelledSequenceIsGoneWithinAStep() throws InterruptedException {
        StepLoop loop = loop(8, 4, 100);
        Generation generation = submit(loop, 3, 50);
        loop.step();
        generation.close();
        assertThat(loop.step()).isFalse();
        assertThat(loop.running()).isZero();
        generation.next(Duration.ofSeconds(1));
        assertThat(generation.next(Duration.ofSeconds(1)))
                .isEqualTo(new GenerationEvent.Finished(FinishReason.CANCELLED));
    }

    @Test
    void stopTokensEndWithoutBeingShown() throws InterruptedException {
        StepLoop loop = loop(8, 4, 100);
        Generation generation = submit(loop, 3, 50, Set.of(6));
        runOut(loop);
        assertThat(tokens(generation)).containsExactly(3, 4, 5);
    }

    @Test
    void theContextEndsASequence() throws InterruptedException {
        StepLoop loop = loop(64, 4, 10);
        Generation generation = submit(loop, 6, 50);
        runOut(loop);
        assertThat(tokens(generation)).containsExactly(6, 7, 8, 9);
    }

    @Test
    void aFullQueueRefuses() throws InterruptedException {
        StepLoop loop = new StepLoop(new Counting(), pool, 100, new EngineOptions(8, 1, 1, 4, Duration.ofSeconds(5)));
        submit(loop, 3, 2);
        Generation refused = submit(loop, 3, 2);
        assertThat(refused.next(Duration.ofSeconds(1)))
                .isInstanceOfSatisfying(
                        GenerationEvent.Failed.class,
                        failed -> assertThat(failed.cause()).hasMessageContaining("1 requests wait already"));
        runOut(loop);
    }

    @Test
    void aFailingStepFailsItsOwnReadersOnly() throws InterruptedException {
        StepLoop loop = loop(8, 4, 100);
        Generation bad = submit(loop, new int[] {VOCABULARY + 1}, 4, Set.of());
        loop.step();
        assertThat(bad.next(Duration.ofSeconds(1))).isInstanceOf(GenerationEvent.Failed.class);
        Generation good = submit(loop, 3, 1);
        runOut(loop);
        assertThat(tokens(good)).containsExactly(3);
    }

    @Test
    void anEngineRunsItsLoopsAndStops() throws InterruptedException {
        Engine engine = new Engine("test", ScalarOps::new, EngineOptions.DEFAULT);
        StepLoop loop = loop(8, 4, 100);
        engine.call(() -> {
            engine.add(loop);
            return true;
        });
        Generation generation = new Generation(10);
        engine.hand(() -> loop.add(request(prompt(3), 5, Set.of()), Optional.empty(), generation));
        assertThat(tokens(generation)).containsExactly(3, 4, 5, 6, 7);
        engine.close();
        assertThatThrownBy(() -> engine.call(() -> 1))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("stopped");
    }

    private StepLoop loop(int budget, int sequences, int contextLength) {
        return new StepLoop(
                new Counting(),
                pool,
                contextLength,
                new EngineOptions(budget, sequences, 100, 4, Duration.ofSeconds(5)));
    }

    private static void runOut(StepLoop loop) {
        for (int i = 0; loop.step(); i++) {
            assertThat(i).as("steps").isLessThan(10_000);
        }
    }

    private static int[] prompt(int length) {
        return IntStream.range(0, length).toArray();
    }

    private static Generation submit(StepLoop loop, int promptLength, int maxTokens) {
        return submit(loop, promptLength, maxTokens, Set.of());
    }

    private static Generation submit(StepLoop loop, int promptLength, int maxTokens, Set<Integer> stops) {
        return submit(loop, prompt(promptLength), maxTokens, stops);
    }

    private static Generation submit(StepLoop loop, int[] prompt, int maxTokens, Set<Integer> stops) {
        GenerationRequest request = request(prompt, maxTokens, stops);
        Generation generation = new Generation(request.mostEvents());
        loop.add(request, Optional.empty(), generation);
        return generation;
    }

    private static GenerationRequest request(int[] prompt, int maxTokens, Set<Integer> stops) {
        return new GenerationRequest(prompt, maxTokens, stops, SamplingParams.GREEDY, -1, Optional.empty());
    }

    private static List<Integer> tokens(Generation generation) throws InterruptedException {
        List<Integer> tokens = new ArrayList<>();
        while (true) {
            switch (generation.next(Duration.ofSeconds(5))) {
                case GenerationEvent.Scored scored -> throw new AssertionError("nothing was to be scored: " + scored);
                case GenerationEvent.Token token -> tokens.add(token.choice().token());
                case GenerationEvent.Finished _ -> {
                    return tokens;
                }
                case GenerationEvent.Failed failed -> throw failed.cause();
            }
        }
    }

    /** Remembers the cache's rows itself, so that a wrong slot or a lost token shows as a wrong answer. */
    private final class Counting implements Forward {
        private final int[] rows = new int[64 * 4];

        @Override
        public List<float[]> logits(List<Scheduler.Chunk> chunks) {
            steps.add(chunks.stream().map(Scheduler.Chunk::count).toList());
            List<float[]> all = new ArrayList<>();
            for (Scheduler.Chunk chunk : chunks) {
                Sequence sequence = chunk.sequence();
                for (int i = sequence.cached(); i < sequence.cached() + chunk.count(); i++) {
                    if (sequence.token(i) >= VOCABULARY) {
                        throw new EngineException(EngineException.Reason.INVALID, "no token " + sequence.token(i));
                    }
                    rows[sequence.table().slot(i)] = sequence.token(i);
                }
                chunk.wanted().forEach(_ -> all.add(answer(sequence)));
            }
            return all;
        }

        private float[] answer(Sequence sequence) {
            float[] logits = new float[VOCABULARY];
            for (int i = 0; i < sequence.length(); i++) {
                assertThat(rows[sequence.table().slot(i)])
                        .as("cached token %d", i)
                        .isEqualTo(i);
            }
            logits[sequence.length()] = 1;
            return logits;
        }

        @Override
        public void close() {}
    }
}
