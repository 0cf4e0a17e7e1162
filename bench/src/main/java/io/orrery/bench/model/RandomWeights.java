package io.orrery.bench.model;

import io.orrery.engine.tensor.BlockFormat;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tensors of random numbers in any type, computed when they are read, as fast as memory is copied: a row is tiles picked at random
 * from a pool that was encoded once. Weights are N(0, 0.02), biases N(0, 0.02), norms about 1. The same for the same seed.
 */
final class RandomWeights {
    private static final int POOL = 1024;
    private static final int WIDEST_TILE = 256;
    private static final double DEVIATION = 0.02;

    private final long seed;
    private final float normOffset;
    private final Map<Key, MemorySegment> pools = new ConcurrentHashMap<>();

    private record Key(DType dtype, int tile, boolean isNorm) {}

    /** @param normOffset that is added to norms when they are computed with, so not stored */
    RandomWeights(long seed, float normOffset) {
        this.seed = seed;
        this.normOffset = normOffset;
    }

    Tensor tensor(String name, DType dtype, Shape shape) {
        int tile = tile(dtype, shape.cols());
        MemorySegment pool = pools.computeIfAbsent(new Key(dtype, tile, name.endsWith("_norm.weight")), this::pool);
        long tileBytes = dtype.bytes(tile);
        int tiles = shape.cols() / tile;
        long rowSeed = seed * 31 + name.hashCode();
        return Tensor.computed(dtype, shape, (from, to, into) -> {
            long at = 0;
            for (int row = from; row < to; row++) {
                long state = mixed(rowSeed + 0x9E3779B97F4A7C15L * (row + 1));
                for (int i = 0; i < tiles; i++, at += tileBytes) {
                    state = state * 6364136223846793005L + 1442695040888963407L;
                    MemorySegment.copy(pool, (state >>> 54) * tileBytes, into, at, tileBytes);
                }
            }
        });
    }

    /** The widest piece that rows are made of whole. */
    private static int tile(DType dtype, int columns) {
        int tile = WIDEST_TILE;
        while (columns % tile != 0) {
            tile /= 2;
        }
        if (tile % dtype.blockElements() != 0) {
            throw new IllegalArgumentException("rows of " + columns + " elements do not fill whole blocks of " + dtype);
        }
        return tile;
    }

    private MemorySegment pool(Key key) {
        Random random = new Random(seed ^ key.hashCode());
        float[] values = new float[POOL * key.tile()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (DEVIATION * random.nextGaussian()) + (key.isNorm() ? 1 - normOffset : 0);
        }
        MemorySegment pool = MemorySegment.ofArray(new byte[(int) key.dtype().bytes(values.length)]);
        BlockFormat.of(key.dtype()).quantize(values, 0, pool, 0, values.length);
        return pool;
    }

    /** Steele et al. 2014, SplittableRandom's finalizer. */
    private static long mixed(long value) {
        long z = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
