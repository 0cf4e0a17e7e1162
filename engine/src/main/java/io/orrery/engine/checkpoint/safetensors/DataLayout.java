package io.orrery.engine.checkpoint.safetensors;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.safetensors.SafetensorsHeader.Entry;
import io.orrery.engine.tensor.DType;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Holds entries against the bytes there are: no hole, no overlap, sizes as dtype and shape say, nothing left over. */
final class DataLayout {
    private final String source;
    private final long available;

    /** @param available bytes of the file behind its header */
    DataLayout(String source, long available) {
        this.source = source;
        this.available = available;
    }

    /** The entries in the order of their bytes. @throws CheckpointException at the first fault */
    List<Entry> checked(List<Entry> entries) {
        List<Entry> inOrder = entries.stream()
                .sorted(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end))
                .toList();
        long start = 0;
        String before = "";
        for (Entry entry : inOrder) {
            checkPlace(entry, start, before);
            checkSize(entry);
            start = entry.end();
            before = entry.name();
        }
        checkEnd(start);
        return inOrder;
    }

    private void checkPlace(Entry entry, long start, String before) {
        if (entry.begin() < start) {
            throw broken(
                    entry,
                    "begins at byte " + entry.begin() + " of the data, inside tensor " + before + ", which ends at "
                            + start);
        }
        if (entry.begin() > start) {
            throw broken(entry, "begins at byte " + entry.begin() + " of the data and leaves a hole from " + start);
        }
        if (entry.end() < entry.begin()) {
            throw broken(entry, "ends at byte " + entry.end() + " of the data, before it begins at " + entry.begin());
        }
    }

    private void checkSize(Entry entry) {
        DType type = DType.ofSafetensorsName(entry.dtype())
                .orElseThrow(
                        () -> broken(entry, "has the unknown dtype " + entry.dtype() + "; the format has " + known()));
        long bits = bits(entry, type);
        if (bits % Byte.SIZE != 0) {
            throw broken(
                    entry, "of " + entry.dtype() + entry.shape() + " takes " + bits + " bits, which is no whole byte");
        }
        if (entry.end() - entry.begin() != bits / Byte.SIZE) {
            throw broken(
                    entry,
                    "of " + entry.dtype() + entry.shape() + " takes " + bits / Byte.SIZE
                            + " bytes, but the header gives it " + (entry.end() - entry.begin()));
        }
    }

    /** Of elements that share bytes, a number that does not fill them has no place. */
    private long bits(Entry entry, DType type) {
        try {
            return Math.multiplyExact(entry.shape().elements(), type.blockBytes() * Byte.SIZE / type.blockElements());
        } catch (ArithmeticException e) {
            throw broken(entry, "of " + entry.dtype() + entry.shape() + " is larger than any file");
        }
    }

    private static String known() {
        return Arrays.stream(DType.values())
                .map(DType::safetensorsName)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private void checkEnd(long end) {
        if (end > available) {
            throw new CheckpointException(
                    source,
                    "the tensors take " + end + " bytes, but the file holds " + available
                            + " behind its header; it is cut off, download it again");
        }
        if (end < available) {
            throw new CheckpointException(
                    source,
                    (available - end) + " bytes follow the last tensor, where a safetensors file ends;"
                            + " download it again");
        }
    }

    private CheckpointException broken(Entry entry, String problem) {
        return new CheckpointException(
                source, "tensor " + entry.name() + " " + problem + "; the file is damaged, download it again");
    }
}
