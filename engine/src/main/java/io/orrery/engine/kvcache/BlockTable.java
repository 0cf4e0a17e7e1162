package io.orrery.engine.kvcache;

import java.util.Arrays;

/** The blocks of one sequence, in order of its tokens. Confined to the engine thread. */
public final class BlockTable {
    private final BlockPool pool;
    private int[] blocks = new int[4];
    private int count;

    public BlockTable(BlockPool pool) {
        this.pool = pool;
    }

    /** Tokens a block. */
    public int blockSize() {
        return pool.blockSize();
    }

    /** Blocks that are missing for so many tokens. */
    public int missingFor(int tokens) {
        return Math.max(0, pool.blocksFor(tokens) - count);
    }

    /**
     * Makes room for so many tokens in all.
     *
     * @return false, with nothing taken, where the pool has too few free blocks
     */
    public boolean reserve(int tokens) {
        int missing = missingFor(tokens);
        if (missing > pool.freeBlocks()) {
            return false;
        }
        for (int i = 0; i < missing; i++) {
            if (count == blocks.length) {
                blocks = Arrays.copyOf(blocks, count * 2);
            }
            blocks[count++] = pool.take();
        }
        return true;
    }

    /** Gives every block back. */
    public void release() {
        while (count > 0) {
            pool.release(blocks[--count]);
        }
    }

    /** The same tokens for another sequence: both hold the blocks, which neither may write any more. */
    public BlockTable fork() {
        BlockTable copy = new BlockTable(pool);
        copy.blocks = blocks.clone();
        copy.count = count;
        for (int i = 0; i < count; i++) {
            pool.share(blocks[i]);
        }
        return copy;
    }

    /** Row of the key and value tensors that a token's lie in. */
    public int slot(int token) {
        return blocks[token / pool.blockSize()] * pool.blockSize() + token % pool.blockSize();
    }

    /** The blocks that so many tokens take, as a batch wants them. */
    public int[] prefix(int tokens) {
        return Arrays.copyOf(blocks, pool.blocksFor(tokens));
    }
}
