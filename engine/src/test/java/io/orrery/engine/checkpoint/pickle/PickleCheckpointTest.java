package io.orrery.engine.checkpoint.pickle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.Mutations;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PickleCheckpointTest {
    private static final long[] SIZES = {2, 3};
    private static final byte[] SIX = TinyZip.floats(1, 2, 3, 4, 5, 6);

    @TempDir
    Path folder;

    @Test
    void neighbouringElementsAreReadInPlace() {
        try (PickleCheckpoint file = open(archive(dictionary().text("w").f32("0", 6, SIZES, new long[] {3, 1})))) {
            Tensor w = file.tensor("w");
            assertThat(file.source()).endsWith("pytorch_model.bin");
            assertThat(w.dtype()).isEqualTo(DType.F32);
            assertThat(w.shape()).isEqualTo(Shape.of(2, 3));
            assertThat(w.isComputed()).isFalse();
            assertThat(w.decode()).containsExactly(1, 2, 3, 4, 5, 6);
        }
    }

    @Test
    void otherStridesAreReadRowByRow() throws IOException {
        TinyPickle pickle = dictionary()
                .text("transposed")
                .f32("0", 6, new long[] {3, 2}, new long[] {1, 3})
                .text("expanded")
                .f32("0", 6, new long[] {3, 2}, new long[] {0, 1})
                .text("reordered")
                .f32("0", 6, new long[] {1, 3, 2}, new long[] {6, 1, 3})
                .text("unit")
                .f32("0", 6, new long[] {1, 2, 1, 3}, new long[] {77, 3, 9, 1});
        try (PickleCheckpoint file = open(archive(pickle))) {
            assertThat(file.tensor("transposed").decode()).containsExactly(1, 4, 2, 5, 3, 6);
            assertThat(file.tensor("transposed").decode(1, 2)).containsExactly(2, 5);
            assertThat(file.tensor("expanded").decode()).containsExactly(1, 2, 1, 2, 1, 2);
            assertThat(file.tensor("reordered").decode()).containsExactly(1, 4, 2, 5, 3, 6);
            assertThat(file.tensor("unit").isComputed()).isFalse();
            assertThat(file.tensor("unit").decode()).containsExactly(1, 2, 3, 4, 5, 6);
        }
    }

    @Test
    void partsAndEmptyTensorsAndScalarsAreViewsToo() throws IOException {
        TinyPickle pickle = dictionary();
        pickle.text("part").tensor(() -> pickle.storage("FloatStorage", "0", 6), 4, new long[] {2}, new long[] {1});
        pickle.text("scalar").tensor(() -> pickle.storage("FloatStorage", "0", 6), 5, new long[] {}, new long[] {});
        pickle.text("empty").f32("0", 6, new long[] {0, 4}, new long[] {4, 1});
        try (PickleCheckpoint file = open(archive(pickle))) {
            assertThat(file.tensor("part").decode()).containsExactly(5, 6);
            assertThat(file.tensor("scalar").decode()).containsExactly(6);
            assertThat(file.tensor("empty").shape()).isEqualTo(Shape.of(0, 4));
            assertThat(file.tensor("empty").segment().byteSize()).isZero();
        }
    }

    @Test
    void parametersAndTensorsThatTellTheirTypeAreTensors() throws IOException {
        TinyPickle pickle = dictionary()
                .text("parameter")
                .global("torch._utils", "_rebuild_parameter")
                .op('(');
        pickle.f32("0", 6, SIZES, new long[] {3, 1})
                .raw(0x88)
                .emptyOrderedDict()
                .op('t')
                .op('R');
        pickle.text("typed")
                .global("torch._utils", "_rebuild_tensor_v3")
                .op('(')
                .op('(');
        pickle.text("storage")
                .global("torch.storage", "UntypedStorage")
                .text("0")
                .text("cpu")
                .number(24)
                .op('t');
        pickle.op('Q').number(1).tuple(4).tuple(1).raw(0x89).emptyOrderedDict();
        pickle.global("torch", "float16").op('t').op('R');
        try (PickleCheckpoint file = open(archive(pickle))) {
            assertThat(file.tensor("parameter").decode()).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(file.tensor("typed").dtype()).isEqualTo(DType.F16);
            assertThat(file.tensor("typed").rowBytes()).isEqualTo(8);
        }
    }

    @Test
    void wideArchivesAreRead() throws IOException {
        TinyZip zip = new TinyZip()
                .wide()
                .entry("archive/data.pkl", end(dictionary().text("w").f32("0", 6, SIZES, new long[] {3, 1})))
                .entry("archive/byteorder", "little")
                .entry("archive/data/0", SIX);
        try (PickleCheckpoint file = open(zip)) {
            assertThat(file.tensor("w").decode()).containsExactly(1, 2, 3, 4, 5, 6);
        }
    }

    @Test
    void theOlderFormatIsRead() throws IOException {
        try (PickleCheckpoint file = open(legacy(6))) {
            assertThat(file.tensor("w").decode()).containsExactly(1, 4, 2, 5, 3, 6);
        }
        assertRefused(legacy(5), "the storage 0 is not there with the 6 elements that the pickle says");
        assertRefused(legacy(1L << 61), "does not end within the file");
        assertRefused(legacy(-1), "does not end within the file");
    }

    private static byte[] legacy(long elements) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(HexFormat.of().parseHex("80028a0a6cfc9c46f9206aa850192e"));
        out.writeBytes(TinyPickle.protocol2()
                .op('M')
                .raw(1001 & 255, 1001 >> 8)
                .op('.')
                .bytes());
        out.writeBytes(TinyPickle.protocol2()
                .op('}')
                .text("little_endian")
                .raw(0x88)
                .op('s')
                .op('.')
                .bytes());
        TinyPickle tensors = TinyPickle.protocol2().op('}').op('(').text("w");
        tensors.tensor(
                () -> tensors.op('(')
                        .text("storage")
                        .global("torch", "FloatStorage")
                        .text("0")
                        .text("cpu")
                        .number(6)
                        .op('N')
                        .op('t')
                        .op('Q'),
                0,
                new long[] {3, 2},
                new long[] {1, 3});
        out.writeBytes(tensors.op('u').op('.').bytes());
        out.writeBytes(TinyPickle.protocol2().op(']').text("0").op('a').op('.').bytes());
        out.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(elements)
                .array());
        out.writeBytes(SIX);
        return out.toByteArray();
    }

    @Test
    void aFileCutOffAnywhereIsRefused() throws IOException {
        Path whole = folder.resolve("whole.bin");
        archive(dictionary().text("w").f32("0", 6, SIZES, new long[] {3, 1})).write(whole);
        Mutations.checkCuts(whole, cut -> PickleCheckpoint.open(cut).close());
        Files.write(whole, legacy(6));
        Mutations.checkCuts(whole, cut -> PickleCheckpoint.open(cut).close());
    }

    @Test
    void damagedFilesAreReadOrRefused() {
        byte[] zip = archive(dictionary().text("w").f32("0", 6, SIZES, new long[] {3, 1}))
                .bytes();
        Mutations.check(zip, 3_000, this::readAll);
        Mutations.check(legacy(6), 3_000, this::readAll);
    }

    private void readAll(byte[] bytes) {
        try (PickleCheckpoint file = PickleCheckpoint.open(written(bytes))) {
            file.tensors().values().stream()
                    .filter(tensor -> tensor.dtype() == DType.F32)
                    .forEach(Tensor::decode);
        }
    }

    @Test
    void whatIsNoDictionaryOfTensorsIsRefused() {
        assertRefused(
                archive(TinyPickle.protocol2().op('N')).bytes(), "the file holds None and no dictionary of tensors");
        assertRefused(
                archive(dictionary().text("epoch").number(3)).bytes(),
                "the dictionary holds a whole number under 'epoch' and not only tensors");
        assertRefused(new byte[] {1, 2, 3, 4, 5}, "the file is neither a zip archive nor an older file of torch.save");
    }

    @Test
    void tensorsThatLieAboutTheirSizeAreRefused() {
        assertTensorRefused(
                "0", 6, new long[] {2, 4}, new long[] {4, 1}, "does not lie within its storage of 24 bytes");
        assertTensorRefused("0", 6, new long[] {2}, new long[] {1L << 62}, "is larger than any file");
        assertTensorRefused("0", 6, new long[] {1L << 62, 4}, new long[] {0, 0}, "is larger than any file");
        assertTensorRefused("0", 6, new long[] {1L << 40}, new long[] {0}, "is larger than the whole file");
        assertTensorRefused("0", 7, SIZES, new long[] {3, 1}, "has 24 bytes where the pickle says 7 elements");
        assertTensorRefused(
                "0", 1L << 62, SIZES, new long[] {3, 1}, "where the pickle says 4611686018427387904 elements");
        assertTensorRefused(
                "1", 6, SIZES, new long[] {3, 1}, "a tensor lies in archive/data/1, which the zip file lacks");
        assertTensorRefused("0", -1, SIZES, new long[] {3, 1}, "a storage 0 of -1 elements");
        assertTensorRefused("0", 6, SIZES, new long[] {-3, 1}, "whose strides are not all numbers from 0 on");
        assertTensorRefused("0", 6, SIZES, new long[] {1}, "a tensor of 2 sizes and 1 strides");
        assertTensorRefused("0", 6, new long[65], new long[65], "a tensor whose sizes are a tuple");
        TinyPickle before = dictionary().text("w");
        before.tensor(() -> before.storage("FloatStorage", "0", 6), -1, new long[] {2}, new long[] {1});
        assertRefused(archive(before).bytes(), "does not lie within its storage");
    }

    private void assertTensorRefused(String key, long elements, long[] sizes, long[] strides, String told) {
        assertRefused(
                archive(dictionary().text("w").f32(key, elements, sizes, strides))
                        .bytes(),
                told);
    }

    @Test
    void bigEndianNumbersAreRefused() {
        TinyZip zip = new TinyZip().entry("archive/data.pkl", end(dictionary())).entry("archive/byteorder", "big");
        assertRefused(zip.bytes(), "the numbers are in big-endian byte order");
    }

    /** An OrderedDict whose items follow up to {@link #end}. */
    static TinyPickle dictionary() {
        return TinyPickle.protocol2().emptyOrderedDict().raw('q', 0).op('(');
    }

    private static byte[] end(TinyPickle dictionary) {
        return dictionary
                .op('u')
                .op('}')
                .text("_metadata")
                .emptyOrderedDict()
                .op('s')
                .op('b')
                .op('.')
                .bytes();
    }

    static TinyZip archive(TinyPickle pickle) {
        byte[] whole = pickle.bytes().length > 4 && pickle.bytes()[2] == 'c'
                ? end(pickle)
                : pickle.op('.').bytes();
        return new TinyZip().entry("archive/data.pkl", whole).entry("archive/data/0", SIX);
    }

    private PickleCheckpoint open(TinyZip zip) {
        return open(zip.bytes());
    }

    private PickleCheckpoint open(byte[] bytes) {
        return PickleCheckpoint.open(written(bytes));
    }

    private Path written(byte[] bytes) {
        try {
            return Files.write(folder.resolve("pytorch_model.bin"), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertRefused(byte[] file, String told) {
        assertThatThrownBy(() -> open(file).close())
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(folder.toString())
                .hasMessageContaining(told);
    }
}
