package io.orrery.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4094, 4095, 4096, 4097, 9000})
    void theFirstBrokenByteIsFoundWhereverItLies(int at) {
        byte[] text = "a".repeat(10_000).getBytes(StandardCharsets.UTF_8);
        text[at] = (byte) 0xff;
        assertThat(new Utf8().firstBrokenByte(ByteBuffer.wrap(text))).hasValue(at);
    }

    @Test
    void charactersOfAllLengthsAreText() {
        String text = "aé€😀".repeat(3_000);
        assertThat(new Utf8().firstBrokenByte(StandardCharsets.UTF_8.encode(text)))
                .isEmpty();
    }

    @Test
    void aCharacterCutOffAtTheEndIsNoText() {
        assertThat(new Utf8().firstBrokenByte(ByteBuffer.wrap(new byte[] {'a', (byte) 0xe2, (byte) 0x82})))
                .hasValue(1);
    }

    @Test
    void oneTextAfterAnotherIsJudgedByItself() {
        Utf8 utf8 = new Utf8();
        assertThat(utf8.firstBrokenByte(ByteBuffer.wrap(new byte[] {(byte) 0xe2})))
                .isPresent();
        assertThat(utf8.firstBrokenByte(ByteBuffer.wrap(new byte[] {'a'}))).isEmpty();
    }
}
