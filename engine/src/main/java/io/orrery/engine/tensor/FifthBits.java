package io.orrery.engine.tensor;

/** The fifth bit of 32 numbers, whose other four lie in 16 bytes: the low half of the byte is element j, the high j + 16. */
final class FifthBits {
    private FifthBits() {}

    /** Element j, 0 to 31. */
    static int get(byte[] block, int bitsAt, int numbersAt, int j) {
        int four = j < 16 ? block[numbersAt + j] & 15 : block[numbersAt + j - 16] >> 4 & 15;
        return four | (BlockCodec.intAt(block, bitsAt) >>> j & 1) << 4;
    }

    static void put(byte[] block, int bitsAt, int numbersAt, int[] numbers) {
        int bits = 0;
        for (int j = 0; j < 32; j++) {
            bits |= (numbers[j] >> 4 & 1) << j;
        }
        BlockCodec.putInt(block, bitsAt, bits);
        for (int j = 0; j < 16; j++) {
            block[numbersAt + j] = (byte) (numbers[j] & 15 | (numbers[j + 16] & 15) << 4);
        }
    }
}
