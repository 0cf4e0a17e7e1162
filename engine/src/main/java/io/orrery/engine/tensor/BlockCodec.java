package io.orrery.engine.tensor;

/** How the elements of one block become its bytes, and back. Stateless. */
interface BlockCodec {
    /** Elements {@code at} and on of {@code to} from the bytes of a block. */
    void decode(byte[] block, float[] to, int at);

    /** The bytes of a block, all of them, from elements {@code at} and on of {@code from}. */
    void encode(float[] from, int at, byte[] block);

    static float half(byte[] block, int at) {
        return Float.float16ToFloat((short) shortAt(block, at));
    }

    static void putHalf(byte[] block, int at, float value) {
        putShort(block, at, Float.floatToFloat16(value));
    }

    /** Two bytes, little-endian, unsigned. */
    static int shortAt(byte[] block, int at) {
        return block[at] & 0xff | (block[at + 1] & 0xff) << 8;
    }

    static void putShort(byte[] block, int at, int value) {
        block[at] = (byte) value;
        block[at + 1] = (byte) (value >> 8);
    }

    /** Four bytes, little-endian. */
    static int intAt(byte[] block, int at) {
        return shortAt(block, at) | shortAt(block, at + 2) << 16;
    }

    static void putInt(byte[] block, int at, int value) {
        putShort(block, at, value);
        putShort(block, at + 2, value >> 16);
    }
}
