package io.orrery.engine.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Tokens by their UTF-8 bytes, to find all that a text begins with. Edges lie in one table of open addressing: a key is a node and
 * a byte. Immutable once built.
 */
final class ByteTrie {
    private static final int ROOT = 0;
    private static final int ABSENT = -1;

    private long[] keys = new long[1 << 12];
    private int[] children = new int[1 << 12];
    private int[] tokens = new int[1 << 10];
    private int nodes = 1;

    /** @param names in order of id; of equal ones the last one's id is found */
    ByteTrie(List<String> names) {
        Arrays.fill(keys, ABSENT);
        Arrays.fill(tokens, ABSENT);
        for (int id = 0; id < names.size(); id++) {
            int node = ROOT;
            for (byte b : names.get(id).getBytes(StandardCharsets.UTF_8)) {
                node = childOrNew(node, b);
            }
            tokens[node] = id;
        }
    }

    int root() {
        return ROOT;
    }

    /** -1 where there is none. */
    int child(int node, byte b) {
        int slot = slot(key(node, b));
        return keys[slot] == ABSENT ? ABSENT : children[slot];
    }

    /** Id of the token that ends at a node, -1 where none does. */
    int token(int node) {
        return tokens[node];
    }

    private static long key(int node, byte b) {
        return (long) node << 8 | b & 0xff;
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        int slot = (int) (key * 0x9E3779B97F4A7C15L >>> 32) & mask;
        while (keys[slot] != ABSENT && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private int childOrNew(int node, byte b) {
        int slot = slot(key(node, b));
        if (keys[slot] != ABSENT) {
            return children[slot];
        }
        keys[slot] = key(node, b);
        children[slot] = nodes;
        if (nodes == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * nodes);
            Arrays.fill(tokens, nodes, 2 * nodes, ABSENT);
        }
        nodes++;
        if (2 * nodes > keys.length) {
            grow();
        }
        return nodes - 1;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldChildren = children;
        keys = new long[2 * oldKeys.length];
        children = new int[keys.length];
        Arrays.fill(keys, ABSENT);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != ABSENT) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                children[slot] = oldChildren[i];
            }
        }
    }
}
