package io.orrery.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.cpu.ActivationMode;
import io.orrery.engine.cpu.CpuOps;
import io.orrery.engine.cpu.CpuOptions;
import io.orrery.engine.generate.EngineException.Reason;
import io.orrery.engine.model.Network;
import io.orrery.engine.ops.ScalarOps;
import io.orrery.engine.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A real network on the real device: what a request is answered depends on nothing but the request. */
class ServedModelTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final EngineOptions OPTIONS = new EngineOptions(16, 8, 64, 4, SOON);

    private final Engine engine =
            new Engine("test", () -> CpuOps.create(new CpuOptions(2, ActivationMode.F32)), OPTIONS);

    /** Token and the bits of its log probability and of its rivals': equal means bitwise equal. */
    private record Said(int token, List<Integer> bits) {
        static Said of(TokenChoice choice) {
            List<Integer> bits = new ArrayList<>(List.of(Float.floatToRawIntBits(choice.logprob())));
            choice.alternatives().forEach(other -> bits.add(Float.floatToRawIntBits(other.logprob())));
            return new Said(choice.token(), bits);
        }
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void aRequestIsAnsweredTheSameAloneAndAmongOthers() throws InterruptedException {
        try (ServedModel model = TinyModel.load(engine, 1024)) {
            List<Said> greedyAlone = answer(model.submit(request(5, 21, 30, SamplingParams.GREEDY)));
            List<Said> drawnAlone = answer(model.submit(request(6, 9, 30, SamplingParams.of(0.9f, 0.95f, 42))));
            List<Generation> others = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                others.add(model.submit(request(100 + i, 1 + 7 * i % 40, 25, SamplingParams.of(1, 1, i))));
            }
            Generation greedy = model.submit(request(5, 21, 30, SamplingParams.GREEDY));
            Generation drawn = model.submit(request(6, 9, 30, SamplingParams.of(0.9f, 0.95f, 42)));

            assertThat(answer(greedy)).isEqualTo(greedyAlone).hasSize(30);
            assertThat(answer(drawn)).isEqualTo(drawnAlone).hasSize(30);
            for (Generation other : others) {
                assertThat(answer(other)).hasSize(25);
            }
        }
    }

    @Test
    void preemptionChangesNothing() throws InterruptedException {
        List<List<Said>> roomy;
        try (ServedModel model = TinyModel.load(engine, 1024)) {
            roomy = answers(model);
        }
        try (ServedModel model = TinyModel.load(engine, 80)) {
            assertThat(model.contextLength()).isEqualTo(80);
            assertThat(answers(model)).isEqualTo(roomy);
            awaitIdle(model);
            assertThat(model.cacheUse()).isZero();
        }
    }

    /** Six sequences of 48 tokens in the end, which 80 places do not hold together. */
    private static List<List<Said>> answers(ServedModel model) throws InterruptedException {
        List<Generation> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            all.add(model.submit(request(i, 8, 40, SamplingParams.of(0.8f, 1, i))));
        }
        List<List<Said>> said = new ArrayList<>();
        for (Generation generation : all) {
            said.add(answer(generation));
        }
        return said;
    }

    @Test
    void adaptersMixedInABatchEqualEachAlone() throws InterruptedException {
        try (ServedModel model = TinyModel.load(engine, 1024)) {
            model.add("a", () -> TinyModel.adapter(1, engine.ops()));
            model.add("b", () -> TinyModel.adapter(2, engine.ops()));
            List<Optional<String>> names =
                    List.of(Optional.of("a"), Optional.empty(), Optional.of("b"), Optional.of("a"));
            List<List<Said>> alone = new ArrayList<>();
            for (Optional<String> name : names) {
                alone.add(answer(model.submit(request(3, name))));
            }
            List<Generation> together =
                    names.stream().map(name -> model.submit(request(3, name))).toList();

            for (int i = 0; i < names.size(); i++) {
                assertThat(answer(together.get(i))).isEqualTo(alone.get(i));
            }
            assertThat(alone.get(0)).isEqualTo(alone.get(3)).isNotEqualTo(alone.get(1));
            assertThat(alone.get(2)).isNotEqualTo(alone.get(0)).isNotEqualTo(alone.get(1));
        }
    }

    @Test
    void anAdaptersMemoryComesBackWhenItsLastSequenceEnds() throws InterruptedException {
        try (ServedModel model = TinyModel.load(engine, 1024)) {
            long bare = model.bytes();
            model.add("a", () -> TinyModel.adapter(1, engine.ops()));
            assertThat(model.adapters()).containsExactly("a");
            assertThat(model.bytes()).isGreaterThan(bare);
            Generation under = model.submit(request(3, Optional.of("a")));

            assertThat(model.removeAdapter("a")).isTrue();
            assertThat(model.removeAdapter("a")).isFalse();
            assertThat(answer(under)).hasSize(20);
            assertThatThrownBy(() -> model.submit(request(3, Optional.of("a"))))
                    .hasMessage("there is no adapter a over this model; there is none")
                    .extracting(e -> ((EngineException) e).reason())
                    .isEqualTo(Reason.INVALID);
            awaitIdle(model);
            engine.call(() -> true);
            assertThat(model.bytes()).isEqualTo(bare);
        }
    }

    @Test
    void aPromptIsScoredAsItWouldBeGenerated() throws InterruptedException {
        try (ServedModel model = TinyModel.load(engine, 1024)) {
            int[] start = prompt(5, 4);
            List<Said> generated = answer(model.submit(
                    new GenerationRequest(start, 90, Set.of(), SamplingParams.GREEDY, 2, Optional.empty())));
            int[] whole = new int[94];
            System.arraycopy(start, 0, whole, 0, 4);
            for (int i = 0; i < 90; i++) {
                whole[4 + i] = generated.get(i).token();
            }
            List<Said> scored = new ArrayList<>();
            try (Generation generation = model.submit(
                    new GenerationRequest(whole, 0, Set.of(), SamplingParams.GREEDY, 2, Optional.empty(), true))) {
                GenerationEvent event = generation.next(SOON);
                for (; event instanceof GenerationEvent.Scored one; event = generation.next(SOON)) {
                    scored.add(Said.of(one.choice()));
                }
                assertThat(event).isEqualTo(new GenerationEvent.Finished(FinishReason.LENGTH));
            }
            assertThat(scored).hasSize(93);
            assertThat(scored.subList(3, 93)).isEqualTo(generated);
        }
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeItIsQueued() {
        try (ServedModel model = TinyModel.load(engine, 1024)) {
            assertThatThrownBy(() -> model.submit(request(1, 128, 1, SamplingParams.GREEDY)))
                    .hasMessage("the prompt has 128 tokens, but the context holds 128 for prompt and answer together;"
                            + " shorten the prompt")
                    .extracting(e -> ((EngineException) e).reason())
                    .isEqualTo(Reason.TOO_LONG);
            int[] foreign = {1, 61};
            assertThatThrownBy(() -> model.submit(
                            new GenerationRequest(foreign, 1, Set.of(), SamplingParams.GREEDY, -1, Optional.empty())))
                    .hasMessage("the prompt has the token id 61, but the vocabulary has only 0..60")
                    .extracting(e -> ((EngineException) e).reason())
                    .isEqualTo(Reason.INVALID);
        }
    }

    @Test
    void aCancelledSequenceFreesItsPlaceAndItsCache() throws InterruptedException {
        try (ServedModel model = TinyModel.load(engine, 1024)) {
            Generation generation = model.submit(request(1, 4, 120, SamplingParams.GREEDY));
            generation.next(SOON);
            generation.close();
            long before = model.generatedTokens();
            awaitIdle(model);
            assertThat(model.cacheUse()).isZero();
            assertThat(model.generatedTokens() - before).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void unloadingEndsWhatRunsAndGivesTheMemoryBack() throws InterruptedException {
        ServedModel kept = TinyModel.load(engine, 1024);
        ServedModel model = TinyModel.load(engine, 1024);
        Generation generation = model.submit(request(1, 4, 120, SamplingParams.GREEDY));
        model.close();
        GenerationEvent event = generation.next(SOON);
        while (event instanceof GenerationEvent.Token) {
            event = generation.next(SOON);
        }
        assertThat(event)
                .isInstanceOfSatisfying(
                        GenerationEvent.Failed.class,
                        failed -> assertThat(failed.cause()).hasMessage("the model was unloaded"));
        assertThat(answer(kept.submit(request(1, 4, 5, SamplingParams.GREEDY)))).hasSize(5);
        kept.close();
    }

    @Test
    void othersStepBetweenTheTensorsOfALoad() {
        // made before the tokens run, of which there are only so many
        Map<String, Tensor> weights = Network.initial(TinyModel.SPEC, 8, 0.5);
        MemoryPlan plan = MemoryPlan.of(
                TinyModel.SPEC, weights, TinyModel.CONTEXT, new ServingOptions(0, 100_000), engine.options());
        try (ServedModel model = TinyModel.load(engine, 1024)) {
            // so many that some still run when the last tensor comes, however late this thread gets its turn
            List<Generation> under = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                under.add(model.submit(request(i, 4, 120, SamplingParams.GREEDY)));
            }
            List<Long> generated = new ArrayList<>();
            engine.load(TinyModel.SPEC, weights, plan, (_, _) -> generated.add(model.generatedTokens()))
                    .close();
            under.forEach(Generation::close);
            assertThat(generated).hasSizeGreaterThan(20);
            assertThat(generated.getLast() - generated.getFirst()).isGreaterThanOrEqualTo(generated.size() - 2);
        }
    }

    @Test
    void aPlanSaysWhatIsTaken() {
        try (ServedModel model = TinyModel.load(engine, 1024)) {
            long weights = 4 * io.orrery.engine.model.Weights.parameters(TinyModel.SPEC);
            long cache = 1024L * 3 * 2 * 16 * 4;
            assertThat(model.bytes()).isEqualTo(weights + cache);
            assertThat(model.contextLength()).isEqualTo(TinyModel.CONTEXT);
        }
        assertThatThrownBy(() -> TinyModel.load(engine, 3)).hasMessageContaining("does not hold one block of 4 tokens");
    }

    @Test
    void aDeviceThatDoesNotOpenSaysWhy() {
        assertThatThrownBy(() -> new Engine(
                        "broken",
                        () -> {
                            throw new IllegalStateException("no such device");
                        },
                        OPTIONS))
                .hasMessage("no such device");
        try (Engine scalar = new Engine("scalar", ScalarOps::new, OPTIONS)) {
            assertThat(scalar.device()).isEqualTo("cpu (scalar)");
        }
    }

    /** A step tells its readers before it counts. */
    private static void awaitIdle(ServedModel model) {
        for (long end = System.nanoTime() + SOON.toNanos(); model.running() > 0; Thread.onSpinWait()) {
            assertThat(System.nanoTime()).isLessThan(end);
        }
    }

    private static int[] prompt(long seed, int length) {
        return new Random(seed).ints(length, 0, TinyModel.VOCABULARY).toArray();
    }

    private static GenerationRequest request(long seed, int length, int maxTokens, SamplingParams sampling) {
        return new GenerationRequest(prompt(seed, length), maxTokens, Set.of(), sampling, 2, Optional.empty());
    }

    private static GenerationRequest request(long seed, Optional<String> adapter) {
        SamplingParams sampling = new SamplingParams(0.7f, 20, 1, 0, 1.1f, 0, 0.2f, Map.of(4, 1.5f), seed);
        return new GenerationRequest(prompt(seed, 11), 20, Set.of(), sampling, 2, adapter);
    }

    private static List<Said> answer(Generation generation) throws InterruptedException {
        List<Said> said = new ArrayList<>();
        try (generation) {
            while (true) {
                switch (generation.next(SOON)) {
                    case GenerationEvent.Scored scored -> throw new AssertionError("not asked for: " + scored);
                    case GenerationEvent.Token token -> said.add(Said.of(token.choice()));
                    case GenerationEvent.Finished _ -> {
                        return said;
                    }
                    case GenerationEvent.Failed failed -> throw failed.cause();
                }
            }
        }
    }
}
