package io.orrery.engine.checkpoint.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.Mutations;
import io.orrery.engine.checkpoint.safetensors.SafetensorsHeader.Entry;
import io.orrery.engine.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsHeaderTest {
    private static final String GOOD = """
            {"__metadata__":{"format":"pt"},"b":{"dtype":"F32","shape":[2,3],"data_offsets":[4,28]},\
            "a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"empty":{"dtype":"F16","shape":[0,7],"data_offsets":[28,28]},\
            "scalar":{"dtype":"F64","shape":[],"data_offsets":[28,36]}}""";

    @Test
    void entriesComeInTheOrderOfTheirBytes() {
        SafetensorsHeader header = parse(GOOD + "   ", 36);
        assertThat(header.metadata()).isEqualTo(Map.of("format", "pt"));
        assertThat(header.dataStart()).isEqualTo(8 + GOOD.length() + 3);
        assertThat(header.entries())
                .containsExactly(
                        new Entry("a", "U8", Shape.of(4), 0, 4),
                        new Entry("b", "F32", Shape.of(2, 3), 4, 28),
                        new Entry("empty", "F16", Shape.of(0, 7), 28, 28),
                        new Entry("scalar", "F64", Shape.of(), 28, 36));
    }

    @Test
    void elementsOfLessThanAByteAreCountedInBits() {
        assertThat(parse(tensor("F4", "[2,3]", 0, 3), 3).entries()).hasSize(1);
        assertThat(parse(tensor("F6_E2M3", "[4]", 0, 3), 3).entries()).hasSize(1);
        assertThat(parse(tensor("C64", "[2]", 0, 16), 16).entries()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            []                                                                                | does not begin with {
            {"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}x                           | the header breaks at byte
            {"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} {}                         | something follows the JSON object
            {"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}} | Duplicate
            {"w":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}              | Duplicate
            {"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}                             | the header breaks at byte
            {"w":[]}                                                                          | tensor w must be START_OBJECT
            {"w":{"dtype":"F32","shape":[1]}}                                                 | tensor w must have a dtype, a shape and two data_offsets
            {"w":{"dtype":"F32","shape":[1],"data_offsets":[4]}}                              | tensor w must have a dtype, a shape and two data_offsets
            {"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}                          | data_offsets of tensor w must be at most 2 numbers
            {"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}                           | the shape of tensor w must be at most 64 numbers from 0 on
            {"w":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}                          | the shape of tensor w must be VALUE_NUMBER_INT
            {"w":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}         | the header breaks at byte
            {"w":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}                            | tensor w has the unknown dtype F99
            {"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}                            | takes 8 bytes, but the header gives it 4
            {"w":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}        | is larger than any file
            {"w":{"dtype":"F4","shape":[3],"data_offsets":[0,4]}}                             | takes 12 bits, which is no whole byte
            {"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}                            | leaves a hole from 0
            {"w":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"v":{"dtype":"U8","shape":[4],"data_offsets":[3,7]}} | tensor v begins at byte 3
            {"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"v":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}} | inside tensor
            {"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"v":{"dtype":"U8","shape":[4],"data_offsets":[3,7]}} | tensor v begins at byte 3 of the data, inside tensor w, which ends at 4
            {"w":{"dtype":"F32","shape":[1],"data_offsets":[0,0]}}                            | takes 4 bytes, but the header gives it 0
            {"w":{"dtype":"U8","shape":[5],"data_offsets":[0,5]}}                             | the tensors take 5 bytes, but the file holds 4
            {"w":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}                             | 1 bytes follow the last tensor
            {"__metadata__":{"format":1},"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}} | __metadata__ format must be VALUE_STRING
            {"__metadata__":[]}                                                               | __metadata__ must be START_OBJECT
            """)
    void everyFaultIsToldInASentence(String json, String told) {
        assertThatThrownBy(() -> parse(json, 4))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("model.safetensors: ")
                .hasMessageContaining(told);
    }

    @Test
    void aTensorThatEndsBeforeItBeginsIsRefused() {
        assertThatThrownBy(() -> parse(
                        "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
                                + "\"b\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[4,2]}}",
                        4))
                .hasMessageContaining("tensor b ends at byte 2 of the data, before it begins at 4");
    }

    @Test
    void textThatIsNoUtf8IsRefused() {
        byte[] file = file(GOOD, 36);
        file[8 + 20] = (byte) 0xc0;
        assertThatThrownBy(() -> parse(file)).hasMessageContaining("the header is not UTF-8 at byte 28 of the file");
    }

    @Test
    void aHeaderLargerThanAllowedOrThanTheFileIsRefused() {
        byte[] file = file(GOOD, 36);
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 100_000_001);
        assertThatThrownBy(() -> parse(file)).hasMessageContaining("announce a header of 100000001 bytes");
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, -1);
        assertThatThrownBy(() -> parse(file)).hasMessageContaining("header of 18446744073709551615 bytes");
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 100_000_000);
        assertThatThrownBy(() -> parse(file)).hasMessageContaining("does not fit the file of " + file.length);
        assertThatThrownBy(() -> parse(new byte[7])).hasMessageContaining("the file has 7 bytes");
    }

    @Test
    void damageAtAnyPlaceIsReadOrRefused() {
        byte[] file = file(GOOD, 36);
        Mutations.check(
                file,
                5_000,
                mutant -> parse(mutant)
                        .entries()
                        .forEach(entry -> assertThat(entry.end()).isBetween(entry.begin(), (long) mutant.length)));
    }

    @Test
    void aFileThatIsNotThereOrAFolderIsNamed(@TempDir Path folder) {
        assertThatThrownBy(() -> SafetensorsHeader.read(folder.resolve("gone")))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(folder.resolve("gone") + ": there is no such file");
        assertThatThrownBy(() -> SafetensorsHeader.read(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("this is a folder");
    }

    private static String tensor(String dtype, String shape, int begin, int end) {
        return "{\"w\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":[" + begin + "," + end
                + "]}}";
    }

    private static SafetensorsHeader parse(String json, int dataBytes) {
        return parse(file(json, dataBytes));
    }

    private static SafetensorsHeader parse(byte[] file) {
        return SafetensorsHeader.parse("model.safetensors", MemorySegment.ofArray(file));
    }

    static byte[] file(String json, int dataBytes) {
        byte[] header = json.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + header.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }
}
