package io.orrery.registry.repository;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** A set of git's hashes in 20 bytes each, or up to 40 before it grows: ten million of them take 330 MB. Confined to one thread. */
final class OidSet {
    static final int BYTES = 20;
    private static final int FIRST_CAPACITY = 1 << 10;

    private long[] first = new long[FIRST_CAPACITY];
    private long[] second = new long[FIRST_CAPACITY];
    private int[] third = new int[FIRST_CAPACITY];
    private int size;
    private boolean hasZero;

    /** Whether it was not in the set. */
    boolean add(String oid) {
        return add(HexFormat.of().parseHex(oid), 0);
    }

    /** Whether the 20 bytes from {@code at} on were not in the set. */
    boolean add(byte[] bytes, int at) {
        ByteBuffer oid = ByteBuffer.wrap(bytes, at, BYTES);
        return add(oid.getLong(), oid.getLong(), oid.getInt());
    }

    boolean contains(String oid) {
        ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(oid));
        long a = bytes.getLong();
        long b = bytes.getLong();
        int c = bytes.getInt();
        return isZero(a, b, c) ? hasZero : isAt(slot(a, b, c), a, b, c);
    }

    int size() {
        return size + (hasZero ? 1 : 0);
    }

    private boolean add(long a, long b, int c) {
        if (isZero(a, b, c)) {
            boolean added = !hasZero;
            hasZero = true;
            return added;
        }
        int slot = slot(a, b, c);
        if (isAt(slot, a, b, c)) {
            return false;
        }
        put(slot, a, b, c);
        size++;
        if (size > first.length / 5 * 3) {
            grow();
        }
        return true;
    }

    /** Where it is, or where it would be put. Hashes are their own hash codes, except that whoever makes objects may choose their beginnings. */
    private int slot(long a, long b, int c) {
        int mask = first.length - 1;
        long mixed = (a ^ Long.rotateLeft(b, 23) ^ c) * 0x9e3779b97f4a7c15L;
        int slot = (int) (mixed >>> 32) & mask;
        while (!isZero(first[slot], second[slot], third[slot]) && !isAt(slot, a, b, c)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private boolean isAt(int slot, long a, long b, int c) {
        return first[slot] == a && second[slot] == b && third[slot] == c;
    }

    private void put(int slot, long a, long b, int c) {
        first[slot] = a;
        second[slot] = b;
        third[slot] = c;
    }

    private static boolean isZero(long a, long b, int c) {
        return a == 0 && b == 0 && c == 0;
    }

    private void grow() {
        long[] a = first;
        long[] b = second;
        int[] c = third;
        int capacity = Math.multiplyExact(a.length, 2);
        first = new long[capacity];
        second = new long[capacity];
        third = new int[capacity];
        for (int i = 0; i < a.length; i++) {
            if (!isZero(a[i], b[i], c[i])) {
                put(slot(a[i], b[i], c[i]), a[i], b[i], c[i]);
            }
        }
    }
}
