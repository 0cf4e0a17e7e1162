package io.orrery.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static final float[] LOGITS = {
        (float) Math.log(0.5), (float) Math.log(0.3), (float) Math.log(0.15), (float) Math.log(0.05)
    };

    @Test
    void zeroTemperatureTakesTheLikeliest() {
        assertThat(choose(SamplingParams.GREEDY, 5)).containsOnlyKeys(0);
    }

    @Test
    void drawsFollowTheProbabilities() {
        Map<Integer, Integer> counts = choose(SamplingParams.of(1, 1, 7), 20_000);
        assertThat(counts.get(0) / 20_000.0).isCloseTo(0.5, within(0.02));
        assertThat(counts.get(1) / 20_000.0).isCloseTo(0.3, within(0.02));
        assertThat(counts.get(3) / 20_000.0).isCloseTo(0.05, within(0.01));
    }

    @Test
    void topPKeepsTheSmallestSetThatReachesIt() {
        assertThat(choose(SamplingParams.of(1, 0.75f, 1), 2000)).containsOnlyKeys(0, 1);
        assertThat(choose(SamplingParams.of(1, 0.01f, 1), 200)).containsOnlyKeys(0);
    }

    @Test
    void topKAndMinPCutTheTail() {
        assertThat(choose(new SamplingParams(1, 3, 1, 0, 1, 0, 0, Map.of(), 1), 2000))
                .containsOnlyKeys(0, 1, 2);
        assertThat(choose(new SamplingParams(1, 0, 1, 0.5f, 1, 0, 0, Map.of(), 1), 2000))
                .containsOnlyKeys(0, 1);
    }

    @Test
    void theSameSeedDrawsTheSame() {
        Sampler one = new Sampler(SamplingParams.of(1, 1, 99), -1, new int[] {0});
        Sampler two = new Sampler(SamplingParams.of(1, 1, 99), -1, new int[] {0});
        for (int i = 0; i < 100; i++) {
            assertThat(one.choose(LOGITS.clone()).token())
                    .isEqualTo(two.choose(LOGITS.clone()).token());
        }
    }

    @Test
    void penaltiesCountWhatWasSeen() {
        Sampler presence = new Sampler(new SamplingParams(0, 0, 1, 0, 1, 2, 0, Map.of(), 0), -1, new int[] {0});
        assertThat(presence.choose(LOGITS.clone()).token()).isZero();
        assertThat(presence.choose(LOGITS.clone()).token()).isEqualTo(1);
        Sampler repetition = new Sampler(new SamplingParams(0, 0, 1, 0, 3, 0, 0, Map.of(), 0), -1, new int[] {0});
        assertThat(repetition.choose(LOGITS.clone()).token()).isEqualTo(1);
    }

    @Test
    void biasCanForceAToken() {
        SamplingParams biased = new SamplingParams(0, 0, 1, 0, 1, 0, 0, Map.of(3, 100f, 77, 100f), 0);
        assertThat(choose(biased, 3)).containsOnlyKeys(3);
    }

    @Test
    void logprobsAreTheModelsOwn() {
        TokenChoice choice = new Sampler(SamplingParams.of(0.1f, 0.1f, 0), 2, new int[] {0}).choose(LOGITS.clone());
        assertThat(choice.logprob()).isCloseTo((float) Math.log(0.5), within(1e-5f));
        assertThat(choice.alternatives())
                .extracting(TokenChoice.Alternative::token)
                .containsExactly(0, 1);
        assertThat(choice.alternatives().get(1).logprob()).isCloseTo((float) Math.log(0.3), within(1e-5f));
    }

    @Test
    void aLargeVocabularyIsDrawnFromAsIfAllOfItWereSorted() {
        Random random = new Random(5);
        for (int i = 0; i < 400; i++) {
            float[] logits = new float[3000];
            double spread = random.nextDouble() * 12;
            for (int id = 0; id < logits.length; id++) {
                logits[id] = (float) (random.nextGaussian() * spread);
            }
            SamplingParams params = new SamplingParams(
                    0.2f + random.nextFloat() * 1.8f,
                    random.nextInt(3) == 0 ? 1 + random.nextInt(2000) : 0,
                    random.nextBoolean() ? 1 : 0.05f + random.nextFloat() * 0.95f,
                    random.nextInt(3) == 0 ? random.nextFloat() * 0.01f : 0,
                    1,
                    0,
                    0,
                    Map.of(),
                    i);
            assertThat(new Sampler(params, -1, new int[] {0})
                            .choose(logits.clone())
                            .token())
                    .as("%s, spread %s", params, spread)
                    .isEqualTo(sorted(logits, params));
        }
    }

    /** In Hugging Face's order: temperature, top-k, top-p, min-p, and then one draw from what is left. */
    private static int sorted(float[] logits, SamplingParams params) {
        Integer[] ids = IntStream.range(0, logits.length).boxed().toArray(Integer[]::new);
        Arrays.sort(ids, Comparator.comparing((Integer id) -> -logits[id]).thenComparing(id -> id));
        int kept = params.topK() > 0 ? Math.min(params.topK(), ids.length) : ids.length;
        double[] weights = Arrays.stream(ids)
                .mapToDouble(id -> Math.exp((logits[id] - logits[ids[0]]) / params.temperature()))
                .toArray();
        if (params.topP() < 1) {
            double wanted = params.topP() * Arrays.stream(weights, 0, kept).sum();
            double mass = weights[0];
            int prefix = 1;
            while (mass < wanted && prefix < kept) {
                mass += weights[prefix++];
            }
            kept = prefix;
        }
        while (kept > 1 && weights[kept - 1] < params.minP() * weights[0]) {
            kept--;
        }
        double left = new SplittableRandom(params.seed()).nextDouble()
                * Arrays.stream(weights, 0, kept).sum();
        int chosen = 0;
        for (left -= weights[0]; left >= 0 && chosen < kept - 1; left -= weights[chosen]) {
            chosen++;
        }
        return ids[chosen];
    }

    private static Map<Integer, Integer> choose(SamplingParams params, int times) {
        Sampler sampler = new Sampler(params, -1, new int[] {0});
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int i = 0; i < times; i++) {
            counts.merge(sampler.choose(LOGITS.clone()).token(), 1, Integer::sum);
        }
        return counts;
    }
}
