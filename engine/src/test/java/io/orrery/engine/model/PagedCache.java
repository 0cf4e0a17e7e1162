package io.orrery.engine.model;

import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelSpec.Heads;
import io.orrery.engine.ops.Batch;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** A cache of shuffled blocks, and the batches that grow sequences in it. */
final class PagedCache implements KeyValueCache {
    static final int BLOCK = 4;

    private static final int BLOCKS_EACH = 32;

    private final List<Tensor> keys = new ArrayList<>();
    private final List<Tensor> values = new ArrayList<>();
    private final int[][] tables;
    private final int[] lengths;

    PagedCache(CausalLm spec, int sequences, Ops ops) {
        int blocks = sequences * BLOCKS_EACH;
        for (ModelSpec.Layer layer : spec.text().layers()) {
            Heads heads = layer.attention().findFirst().orElseThrow().heads();
            keys.add(ops.persistent((long) blocks * BLOCK, (long) heads.kv() * heads.dim()));
            values.add(ops.persistent((long) blocks * BLOCK, (long) heads.kv() * heads.dim()));
        }
        List<Integer> shuffled =
                new ArrayList<>(IntStream.range(0, blocks).boxed().toList());
        Collections.shuffle(shuffled, new Random(3));
        this.lengths = new int[sequences];
        this.tables = IntStream.range(0, sequences)
                .mapToObj(s -> shuffled.subList(s * BLOCKS_EACH, (s + 1) * BLOCKS_EACH).stream()
                        .mapToInt(Integer::intValue)
                        .toArray())
                .toArray(int[][]::new);
    }

    @Override
    public Tensor keys(int layer) {
        return keys.get(layer);
    }

    @Override
    public Tensor values(int layer) {
        return values.get(layer);
    }

    /** So many more tokens of each sequence, which the cache then holds. */
    Batch grow(int... counts) {
        int tokens = IntStream.of(counts).sum();
        int[] positions = new int[tokens];
        int[] slots = new int[tokens];
        int[] starts = new int[counts.length + 1];
        for (int s = 0; s < counts.length; s++) {
            starts[s + 1] = starts[s] + counts[s];
            for (int t = starts[s]; t < starts[s + 1]; t++) {
                positions[t] = lengths[s];
                slots[t] = tables[s][lengths[s] / BLOCK] * BLOCK + lengths[s] % BLOCK;
                lengths[s]++;
            }
        }
        return new Batch(positions, starts, lengths.clone(), tables, BLOCK, slots);
    }
}
