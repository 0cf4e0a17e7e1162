package io.orrery.engine.generate;

import io.orrery.engine.kvcache.PagedCache;
import io.orrery.engine.model.Adaptation;
import io.orrery.engine.model.LoraAdaptation;
import io.orrery.engine.model.Network;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A step of a {@link Network} over a {@link PagedCache}, each sequence under its own adapter. The head is computed for the wanted
 * rows alone: in a prompt that is the last of its tokens. Confined to the engine thread.
 */
final class NetworkForward implements Forward {
    private final Network network;
    private final PagedCache cache;

    NetworkForward(Network network, PagedCache cache) {
        this.network = network;
        this.cache = cache;
    }

    @Override
    public List<float[]> logits(List<Scheduler.Chunk> chunks) {
        Ops ops = network.ops();
        ops.workspace().reset();
        StepBatch batch = StepBatch.of(chunks);
        Tensor hidden = network.hidden(
                batch.tokens(), batch.batch(), Optional.of(cache), adaptation(batch.adapters()), Tape.off());
        int[] rows = batch.wantedRows();
        if (rows.length == 0) {
            return List.of();
        }
        Tensor wanted = ops.workspace().empty(rows.length, hidden.cols());
        ops.gather(wanted, hidden, rows);
        Tensor logits = network.logits(wanted, adaptation(wantedAdapters(batch)), Tape.off());
        return rowsOf(ops.read(logits), rows.length);
    }

    @Override
    public int recomputedBeyond() {
        return network.recomputedBeyond();
    }

    private static Adaptation adaptation(List<LoraAdaptation.Range> adapters) {
        return adapters.isEmpty() ? Adaptation.NONE : LoraAdaptation.of(adapters);
    }

    /** The same adapters where only the wanted rows are left. */
    private static List<LoraAdaptation.Range> wantedAdapters(StepBatch batch) {
        int[] rows = batch.wantedRows();
        List<LoraAdaptation.Range> left = new ArrayList<>();
        for (LoraAdaptation.Range range : batch.adapters()) {
            int[] within = IntStream.range(0, rows.length)
                    .filter(i -> rows[i] >= range.from() && rows[i] < range.to())
                    .toArray();
            if (within.length > 0) {
                left.add(new LoraAdaptation.Range(range.adapter(), within[0], within[within.length - 1] + 1));
            }
        }
        return left;
    }

    private static List<float[]> rowsOf(float[] logits, int rows) {
        if (rows == 1) {
            return List.of(logits);
        }
        int vocabSize = logits.length / rows;
        return IntStream.range(0, rows)
                .mapToObj(i -> Arrays.copyOfRange(logits, i * vocabSize, (i + 1) * vocabSize))
                .toList();
    }

    /** Gives weights and cache back to the device. */
    @Override
    public void close() {
        cache.close();
        network.free();
    }
}
