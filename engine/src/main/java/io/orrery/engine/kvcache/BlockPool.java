package io.orrery.engine.kvcache;

import java.util.Arrays;

/**
 * The blocks of one cache: which are free, and how many sequences hold each. Confined to the engine thread.
 *
 * <p>Source of the scheme: Kwon et al. 2023, "Efficient Memory Management for LLM Serving with PagedAttention", section 4.
 */
public final class BlockPool {
    private final int blockSize;
    private final int[] holders;
    private final int[] free;
    private int freeCount;

    /** @param blocks blocks in all @param blockSize tokens a block */
    public BlockPool(int blocks, int blockSize) {
        if (blocks < 1 || blockSize < 1) {
            throw new IllegalArgumentException(
                    "a pool of " + blocks + " blocks of " + blockSize + " tokens holds nothing");
        }
        this.blockSize = blockSize;
        this.holders = new int[blocks];
        this.free = new int[blocks];
        this.freeCount = blocks;
        Arrays.setAll(free, i -> blocks - 1 - i);
    }

    public int blockSize() {
        return blockSize;
    }

    public int blocks() {
        return holders.length;
    }

    public int freeBlocks() {
        return freeCount;
    }

    /** Blocks that so many tokens take. */
    public int blocksFor(int tokens) {
        return Math.ceilDiv(tokens, blockSize);
    }

    /** Takes a free block, held once. @throws IllegalStateException where none is free: ask {@link #freeBlocks} first */
    int take() {
        if (freeCount == 0) {
            throw new IllegalStateException("all " + holders.length + " blocks of the cache are held");
        }
        int block = free[--freeCount];
        holders[block] = 1;
        return block;
    }

    /** One more sequence holds the block. */
    void share(int block) {
        requireHeld(block);
        holders[block]++;
    }

    /** One sequence less holds the block; without holders it is free. */
    void release(int block) {
        requireHeld(block);
        if (--holders[block] == 0) {
            free[freeCount++] = block;
        }
    }

    private void requireHeld(int block) {
        if (holders[block] == 0) {
            throw new IllegalStateException("block " + block + " is free");
        }
    }
}
