package io.orrery.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.engine.cpu.ActivationMode;
import io.orrery.engine.cpu.CpuOps;
import io.orrery.engine.cpu.CpuOptions;
import io.orrery.engine.model.Adaptation;
import io.orrery.engine.model.Families;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.Network;
import io.orrery.engine.ops.Batch;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Positions that rotate otherwise once a sequence is longer than the original context, which here is 12 tokens. */
class LongRopeTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int GENERATED = 20;
    private static final CausalLm SPEC = Families.fromConfig(JsonMapper.shared().readTree("""
            {"model_type": "phi3", "vocab_size": 61, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 3,
             "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 128,
             "original_max_position_embeddings": 12,
             "rope_scaling": {"type": "longrope", "short_factor": [1, 1.1, 1.2, 1.5], "long_factor": [2, 3, 5, 8]}}"""));

    private final Map<String, Tensor> weights = Network.initial(SPEC, 7, 0.6);

    /** Prompts that stay short for a while, that are at the border, and that begin beyond it, in chunks of 8 tokens. */
    @ParameterizedTest
    @ValueSource(ints = {3, 11, 12, 13, 30})
    void theCacheIsComputedAnewWhereASequenceCrossesTheBorder(int promptLength) throws InterruptedException {
        int[] prompt = new Random(promptLength).ints(promptLength, 0, 61).toArray();
        try (Engine engine = new Engine(
                        "test",
                        () -> CpuOps.create(new CpuOptions(2, ActivationMode.F32)),
                        new EngineOptions(8, 8, 64, 4, SOON));
                ServedModel model = engine.load(SPEC, weights, plan(engine), LoadProgress.SILENT);
                Generation generation = model.submit(new GenerationRequest(
                        prompt, GENERATED, Set.of(), SamplingParams.GREEDY, -1, Optional.empty()))) {
            assertThat(tokens(generation)).isEqualTo(withoutCache(prompt));
        }
    }

    private MemoryPlan plan(Engine engine) {
        return MemoryPlan.of(SPEC, weights, 128, new ServingOptions(0, 1 << 20), engine.options());
    }

    private static List<Integer> tokens(Generation generation) throws InterruptedException {
        List<Integer> tokens = new ArrayList<>();
        while (generation.next(SOON) instanceof GenerationEvent.Token token) {
            tokens.add(token.choice().token());
        }
        return tokens;
    }

    private List<Integer> withoutCache(int[] prompt) {
        List<Integer> generated = new ArrayList<>();
        try (Ops ops = CpuOps.create(new CpuOptions(2, ActivationMode.F32))) {
            Network network = Network.frozen(SPEC, weights, ops);
            int[] tokens = prompt;
            for (int n = 0; n < GENERATED; n++) {
                Tensor hidden = network.hidden(
                        tokens, Batch.packed(tokens.length), Optional.empty(), Adaptation.NONE, Tape.off());
                Tensor last = hidden.rows(tokens.length - 1, tokens.length);
                float[] logits = ops.read(network.logits(last, Adaptation.NONE, Tape.off()));
                ops.workspace().reset();
                int best = 0;
                for (int i = 1; i < logits.length; i++) {
                    best = logits[i] > logits[best] ? i : best;
                }
                generated.add(best);
                tokens = Arrays.copyOf(tokens, tokens.length + 1);
                tokens[tokens.length - 1] = best;
            }
        }
        return generated;
    }
}
