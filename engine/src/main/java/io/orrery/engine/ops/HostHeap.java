package io.orrery.engine.ops;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Memory of this process that is given back piece by piece. A large piece is an arena of its own; small ones, of which a model
 * has thousands, share slabs, and a slab goes back with the last of its pieces. Confined to one thread.
 */
final class HostHeap implements AutoCloseable {
    /** Of huge pages: the matrices of a small model would each be smaller than one. */
    private static final long SLAB = 32 << 20;

    private static final long LARGE = SLAB / 8;

    private final Map<Long, Slab> pieces = new HashMap<>();
    private final Set<Slab> slabs = new HashSet<>();
    private @Nullable Slab current;

    private static final class Slab {
        private final Arena arena;
        private final MemorySegment memory;
        private long fill;
        private int pieces;
        private boolean isUsedAgain;

        @SuppressWarnings("MustBeClosedChecker") // closed by the heap
        Slab(long bytes) {
            arena = Arena.ofShared();
            memory = SystemMemory.allocate(bytes, arena);
        }
    }

    /** Aligned to {@link HostWorkspace#ALIGNMENT}, contents undefined. No two pieces have the same address. */
    MemorySegment allocate(long bytes) {
        long rounded = Math.max(1, Math.ceilDiv(bytes, HostWorkspace.ALIGNMENT)) * HostWorkspace.ALIGNMENT;
        Slab slab = rounded >= LARGE ? add(rounded) : withRoomFor(rounded);
        MemorySegment piece = slab.memory.asSlice(slab.fill, bytes);
        slab.fill += rounded;
        slab.pieces++;
        pieces.put(slab.memory.address() + slab.fill - rounded, slab);
        return piece;
    }

    /** The same, zero. */
    MemorySegment allocateZeros(long bytes) {
        MemorySegment piece = allocate(bytes);
        Slab slab = pieces.get(piece.address());
        return slab != null && slab.isUsedAgain ? piece.fill((byte) 0) : piece; // what was never used is zero
    }

    private Slab withRoomFor(long bytes) {
        Slab present = current;
        if (present == null || present.fill + bytes > present.memory.byteSize()) {
            present = add(SLAB);
            current = present;
        }
        return present;
    }

    private Slab add(long bytes) {
        Slab slab = new Slab(bytes);
        slabs.add(slab);
        return slab;
    }

    /** @return false where no piece that is still held lies at the address */
    boolean free(long address) {
        Slab slab = pieces.remove(address);
        if (slab == null) {
            return false;
        }
        slab.pieces--;
        if (slab.pieces == 0) {
            giveBack(slab);
        }
        return true;
    }

    private void giveBack(Slab slab) {
        if (slab == current) {
            slab.fill = 0;
            slab.isUsedAgain = true;
            return;
        }
        slabs.remove(slab);
        slab.arena.close();
    }

    /** Bytes taken from the system. */
    long byteSize() {
        return slabs.stream().mapToLong(slab -> slab.memory.byteSize()).sum();
    }

    @Override
    public void close() {
        slabs.forEach(slab -> slab.arena.close());
        slabs.clear();
        pieces.clear();
        current = null;
    }
}
