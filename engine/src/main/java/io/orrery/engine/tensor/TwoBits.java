package io.orrery.engine.tensor;

/** 256 numbers of two bits in 64 bytes: elements 32 apart share a byte, and each 32 bytes hold 128 elements. */
final class TwoBits {
    private TwoBits() {}

    static int get(byte[] block, int at, int element) {
        int half = element / 128;
        return block[at + 32 * half + element % 32] >> 2 * (element % 128 / 32) & 3;
    }

    /** Into bytes that were zero. */
    static void put(byte[] block, int at, int[] numbers) {
        for (int element = 0; element < KQuants.SUPER_BLOCK; element++) {
            block[at + 32 * (element / 128) + element % 32] |= (byte) (numbers[element] << 2 * (element % 128 / 32));
        }
    }
}
