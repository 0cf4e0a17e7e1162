package io.orrery.engine.generate;

import io.orrery.engine.model.LoraAdaptation;
import io.orrery.engine.ops.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A step's chunks as the network takes them.
 *
 * @param tokens of all chunks, [T]
 * @param wantedRows rows that logits are wanted of, ascending
 * @param adapters which rows each adapter is added to
 */
record StepBatch(int[] tokens, Batch batch, int[] wantedRows, List<LoraAdaptation.Range> adapters) {
    static StepBatch of(List<Scheduler.Chunk> chunks) {
        int total = chunks.stream().mapToInt(Scheduler.Chunk::count).sum();
        int[] tokens = new int[total];
        int[] positions = new int[total];
        int[] slots = new int[total];
        int[] starts = new int[chunks.size() + 1];
        List<LoraAdaptation.Range> adapters = new ArrayList<>();
        IntStream.Builder wanted = IntStream.builder();
        for (int c = 0; c < chunks.size(); c++) {
            Scheduler.Chunk chunk = chunks.get(c);
            Sequence sequence = chunk.sequence();
            int start = starts[c];
            for (int i = 0; i < chunk.count(); i++) {
                int position = sequence.cached() + i;
                tokens[start + i] = sequence.token(position);
                positions[start + i] = position;
                slots[start + i] = sequence.table().slot(position);
            }
            starts[c + 1] = start + chunk.count();
            chunk.wanted().forEach(row -> wanted.add(start + row));
            sequence.adapter()
                    .ifPresent(
                            adapter -> adapters.add(new LoraAdaptation.Range(adapter, start, start + chunk.count())));
        }
        return new StepBatch(
                tokens, batch(chunks, positions, starts, slots), wanted.build().toArray(), adapters);
    }

    private static Batch batch(List<Scheduler.Chunk> chunks, int[] positions, int[] starts, int[] slots) {
        int[] contextLengths = chunks.stream()
                .mapToInt(chunk -> chunk.sequence().cached() + chunk.count())
                .toArray();
        int[][] tables = IntStream.range(0, chunks.size())
                .mapToObj(c -> chunks.get(c).sequence().table().prefix(contextLengths[c]))
                .toArray(int[][]::new);
        int blockSize = chunks.getFirst().sequence().table().blockSize();
        return new Batch(positions, starts, contextLengths, tables, blockSize, slots)
                .ofLengths(chunks.stream()
                        .mapToInt(chunk -> chunk.sequence().length())
                        .toArray());
    }
}
