package io.orrery.engine.checkpoint.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.checkpoint.CheckpointException;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GgufMetadataTest {
    @Test
    void valuesComeBackByTheirType() {
        GgufMetadata metadata = GgufMetadata.of(Map.of(
                "text",
                "é",
                "size",
                7,
                "below",
                -7,
                "long",
                1L << 40,
                "single",
                0.1f,
                "double",
                0.1,
                "flag",
                true,
                "texts",
                List.of("a", "", "€"),
                "numbers",
                new int[] {1, -2},
                "scores",
                List.of(0.5f, -1f)));
        assertThat(metadata.string("text")).hasValue("é");
        assertThat(metadata.integer("size")).hasValue(7L);
        assertThat(metadata.integer("below")).hasValue(-7L);
        assertThat(metadata.integer("long")).hasValue(1L << 40);
        assertThat(metadata.decimal("single")).hasValue((double) 0.1f);
        assertThat(metadata.decimal("double")).hasValue(0.1);
        assertThat(metadata.decimal("size")).hasValue(7.0);
        assertThat(metadata.flag("flag")).hasValue(true);
        assertThat(metadata.strings("texts")).hasValue(List.of("a", "", "€"));
        assertThat(metadata.integers("numbers").orElseThrow()).containsExactly(1, -2);
        assertThat(metadata.decimals("scores").orElseThrow()).containsExactly(0.5, -1);
        assertThat(metadata.isArray("numbers")).isTrue();
        assertThat(metadata.isArray("size")).isFalse();
    }

    @Test
    void everyTypeOfWholeNumberIsRead() {
        Map<String, Long> expected = new LinkedHashMap<>();
        TinyGguf file = new TinyGguf();
        for (GgufType type : GgufType.values()) {
            if (type.isWhole()) {
                int[] bytes = new int[type.leastBytes()];
                bytes[0] = 0xfe;
                bytes[bytes.length - 1] |= 0x80;
                file.raw(type.name(), type.ordinal(), bytes).array(type + "s", type.ordinal(), 1, bytes);
                if (type != GgufType.U64) {
                    expected.put(type.name(), value(type, bytes));
                }
            }
        }
        GgufMetadata metadata =
                GgufHeader.parse("f", MemorySegment.ofArray(file.bytes())).metadata();
        assertThat(expected).hasSize(7);
        expected.forEach((key, value) -> {
            assertThat(metadata.integer(key)).as(key).hasValue(value);
            assertThat(metadata.integers(key + "s").orElseThrow()).as(key).containsExactly(value);
        });
        assertThatThrownBy(() -> metadata.integer("U64"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("U64 must be a whole number below 2^63, not 9223372036854776062");
    }

    /** Two's complement by its definition. */
    private static long value(GgufType type, int[] bytes) {
        long value = 0;
        for (int i = bytes.length - 1; i >= 0; i--) {
            value = value * 256 + bytes[i];
        }
        boolean isSigned = type.name().startsWith("I");
        return isSigned && type.leastBytes() < 8 ? value - (1L << 8 * type.leastBytes()) : value;
    }

    @Test
    void anAbsentKeyIsEmptyAndAWrongKindIsTold() {
        GgufMetadata metadata = GgufMetadata.of(Map.of("text", "x".repeat(200), "list", List.of(1)));
        assertThat(metadata.contains("gone")).isFalse();
        assertThat(metadata.string("gone")).isEmpty();
        assertThat(metadata.integers("gone")).isEmpty();
        assertThatThrownBy(() -> metadata.integer("text"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(
                        "the metadata text must be a whole number below 2^63, not " + "x".repeat(80) + "...");
        assertThatThrownBy(() -> metadata.strings("list"))
                .hasMessageContaining("the metadata list must be an array of strings, not an array of 1 I32");
        assertThatThrownBy(() -> metadata.flag("list")).hasMessageContaining("must be true or false");
        assertThatThrownBy(() -> metadata.decimals("list")).hasMessageContaining("must be an array of decimals");
        assertThatThrownBy(() -> metadata.decimal("text")).hasMessageContaining("must be a number");
        assertThatThrownBy(metadata::architecture).hasMessageContaining("the metadata lacks general.architecture");
    }
}
