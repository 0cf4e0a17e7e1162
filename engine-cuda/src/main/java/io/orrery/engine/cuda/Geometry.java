package io.orrery.engine.cuda;

/**
 * How a kernel is launched.
 *
 * @param gridX blocks along x
 * @param gridY blocks along y
 * @param gridZ blocks along z
 * @param threadsX threads of a block along x
 * @param threadsY threads of a block along y
 * @param sharedBytes dynamic shared memory of a block
 */
record Geometry(long gridX, long gridY, long gridZ, int threadsX, int threadsY, int sharedBytes) {
    /** Blocks in a row, or in a plane. */
    static Geometry blocks(long x, long y, int threads) {
        return new Geometry(x, y, 1, threads, 1, 0);
    }

    static Geometry blocks(long x, int threads) {
        return blocks(x, 1, threads);
    }

    /** A thread for each of so many elements. */
    static Geometry elements(long count, int threads) {
        return blocks(Math.ceilDiv(count, threads), threads);
    }

    Geometry shared(int bytes) {
        return new Geometry(gridX, gridY, gridZ, threadsX, threadsY, bytes);
    }

    /** Whether there is nothing to do. */
    boolean isEmpty() {
        return gridX == 0 || gridY == 0 || gridZ == 0;
    }
}
