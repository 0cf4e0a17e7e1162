package io.orrery.engine.checkpoint.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.Mutations;
import io.orrery.engine.checkpoint.gguf.GgufHeader.Entry;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GgufHeaderTest {
    private static final int F32 = 0;
    private static final int Q8_0 = 8;

    private static TinyGguf good() {
        return new TinyGguf()
                .string("general.architecture", "llama")
                .u32("general.file_type", 15)
                .raw("flag", GgufType.BOOL.ordinal(), 1)
                .array("tokens", GgufType.STRING.ordinal(), 2, 1, 0, 0, 0, 0, 0, 0, 0, 'a', 0, 0, 0, 0, 0, 0, 0, 0)
                .tensor("w", F32, 64, 2, 3)
                .tensor("q", Q8_0, 0, 32)
                .data(96);
    }

    @Test
    void tensorsComeInTheHeadersOrderWithShapesOutermostFirst() {
        GgufHeader header = parse(good());
        assertThat(header.version()).isEqualTo(3);
        assertThat(header.architecture()).hasValue("llama");
        assertThat(header.fileType()).hasValue("Q4_K_M");
        assertThat(header.dataStart() % 32).isZero();
        assertThat(header.entries())
                .containsExactly(
                        new Entry("w", DType.F32, Shape.of(3, 2), 64), new Entry("q", DType.Q8_0, Shape.of(32), 0));
        assertThat(parse(good().version(2)).entries()).isEqualTo(header.entries());
    }

    @Test
    void aVocabularyWithoutTensorsIsAFile() {
        assertThat(parse(new TinyGguf().string("general.architecture", "llama")).entries())
                .isEmpty();
    }

    @Test
    void aGuessedFileTypeIsAFileType() {
        assertThat(parse(new TinyGguf().u32("general.file_type", 1024 + 7)).fileType())
                .hasValue("Q8_0");
        assertThat(parse(new TinyGguf().u32("general.file_type", 999)).fileType())
                .isEmpty();
    }

    @Test
    void anotherAlignmentIsObeyed() {
        assertThat(parse(new TinyGguf()
                                .u32("general.alignment", 8)
                                .tensor("w", F32, 0, 2)
                                .tensor("v", F32, 8, 2)
                                .data(16))
                        .entries())
                .hasSize(2);
    }

    private static Stream<Arguments> faults() {
        TinyGguf tensors = new TinyGguf();
        return Stream.of(
                fault(good().magic(0x04034b50), "begins with the bytes 504b0304, not with GGUF"),
                fault(good().version(1), "GGUF version 1; versions 2 and 3 are read"),
                fault(good().version(4), "GGUF version 4"),
                fault(good().version(0), "GGUF version 0"),
                fault(good().version(3 << 24), "GGUF version 3 in big-endian order"),
                fault(good().u32("general.file_type", 1), "the metadata general.file_type is there twice"),
                fault(good().raw("key", 13), "the metadata key has the unknown type 13"),
                fault(good().raw("key", -1), "the metadata key has the unknown type 4294967295"),
                fault(good().raw("key", GgufType.BOOL.ordinal(), 2), "the metadata key is a flag of 2"),
                fault(good().u32("", 1), "metadata key 4 must have between 1 and 65535 bytes"),
                fault(good().u32("k".repeat(65_536), 1), "metadata key 4 must have between 1 and 65535 bytes"),
                fault(good().array("key", 9, 0), "the metadata key is an array of arrays"),
                fault(good().array("key", 5, 1L << 40), "1099511627776 are announced in the metadata key"),
                fault(good().array("key", 8, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0xc3, 0x28), "the metadata key is not UTF-8"),
                fault(good().array("key", 7, 2, 1, 7), "the metadata key is a flag of 7"),
                fault(new TinyGguf().u32("general.alignment", 0), "general.alignment is 0, which is no power of two"),
                fault(new TinyGguf().u32("general.alignment", 48), "general.alignment is 48"),
                fault(
                        new TinyGguf().string("general.alignment", "32"),
                        "general.alignment must be a whole number below 2^63, not 32"),
                fault(good().tensor("w", F32, 96, 1), "tensor w is there twice"),
                fault(good().tensor("n".repeat(64), F32, 96, 1), "the name of tensor 2 has more than 63 bytes"),
                fault(good().tensor("t", 4, 96, 1), "tensor t has the unknown ggml type 4"),
                fault(good().tensor("t", F32, 96, 1, 1, 1, 1, 1), "tensor t has 5 dimensions, more than the 4"),
                fault(good().tensor("t", F32, 96, -2), "tensor t has a dimension of 18446744073709551614"),
                fault(good().tensor("t", F32, 96, 1L << 40, 1L << 40), "is larger than any file"),
                fault(good().tensor("t", F32, 96, 1L << 61), "is larger than any file"),
                fault(good().tensor("t", Q8_0, 96, 31), "rows of 31 elements, which do not fill whole blocks of 32"),
                fault(good().tensor("t", Q8_0, 96, 16, 2), "rows of 16 elements, which do not fill whole blocks of 32"),
                fault(
                        good().tensor("t", F32, 65, 1),
                        "at byte 65 of the data, which is no multiple of the alignment 32"),
                fault(good().tensor("t", F32, -32, 1), "begins at byte 18446744073709551584 of the data"),
                fault(
                        good().tensor("t", F32, 96, 1),
                        "tensor t of F32[1] ends at byte 100 of the data, but the file holds 96"),
                fault(
                        good().tensor("t", F32, 0, 9).data(128),
                        "tensor t of F32[9] overlaps tensor q: it begins at byte 0 of the data, the other ends at 34"),
                fault(
                        tensors.tensor("long", F32, 0, 100)
                                .tensor("inside", F32, 320, 20)
                                .data(640),
                        "tensor inside of F32[20] overlaps tensor long: it begins at byte 320 of the data, the other ends at 400"));
    }

    private static Arguments fault(TinyGguf file, String told) {
        return Arguments.of(told, file.bytes());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void everyFaultIsToldInASentence(String told, byte[] file) {
        assertThatThrownBy(() -> parse(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("model.gguf: ")
                .hasMessageContaining(told);
    }

    @Test
    void aFileCutOffAnywhereIsRefused() {
        byte[] whole = good().data(88).bytes();
        parse(whole);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> parse(cut))
                    .as("cut off at byte %s", length)
                    .isInstanceOf(CheckpointException.class);
        }
    }

    @Test
    void damageAtAnyPlaceIsReadOrRefused() {
        byte[] file = good().bytes();
        Mutations.check(file, 5_000, mutant -> {
            GgufHeader header = parse(mutant);
            assertThat(header.metadata().values().toString()).isNotEmpty();
            header.entries()
                    .forEach(entry -> assertThat(entry.bytes() == 0
                                    || header.dataStart() + entry.offset() + entry.bytes() <= mutant.length)
                            .isTrue());
            if (header.metadata().contains("tokens") && header.metadata().isArray("tokens")) {
                header.metadata().strings("tokens");
            }
        });
    }

    private static GgufHeader parse(TinyGguf file) {
        return parse(file.bytes());
    }

    private static GgufHeader parse(byte[] file) {
        return GgufHeader.parse("model.gguf", MemorySegment.ofArray(file));
    }
}
