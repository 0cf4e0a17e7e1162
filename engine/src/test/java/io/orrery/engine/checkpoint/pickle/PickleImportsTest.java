package io.orrery.engine.checkpoint.pickle;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.engine.checkpoint.pickle.PickleImports.Import;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PickleImportsTest {
    @Test
    void theNamesOfAFileOfTensorsAreAllThereAre() {
        byte[] pickle = TinyPickle.protocol2()
                .f32("0", 4, new long[] {2, 2}, new long[] {2, 1})
                .op('.')
                .bytes();
        PickleImports found = read(new TinyZip()
                .entry("model/data.pkl", pickle)
                .entry("model/data/0", TinyZip.floats(1, 2, 3, 4))
                .bytes());
        assertThat(found.isPickle()).isTrue();
        assertThat(found.problem()).isEmpty();
        assertThat(found.imports())
                .containsExactly(
                        new Import("collections", "OrderedDict"),
                        new Import("torch", "FloatStorage"),
                        new Import("torch._utils", "_rebuild_tensor_v2"));
    }

    /** Written by CPython 3.12: pickle.dumps of an object whose __reduce__ answers (os.system, ("id",)), in every protocol. */
    @ParameterizedTest
    @CsvSource({
        "0, Y3Bvc2l4CnN5c3RlbQpwMAooVmlkCnAxCnRwMgpScDMKLg==",
        "1, Y3Bvc2l4CnN5c3RlbQpxAChYAgAAAGlkcQF0cQJScQMu",
        "2, gAJjcG9zaXgKc3lzdGVtCnEAWAIAAABpZHEBhXECUnEDLg==",
        "4, gASVHQAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAJpZJSFlFKULg==",
    })
    void aCallOfTheShellIsFoundInEveryProtocol(int protocol, String pickle) {
        PickleImports found = read(Base64.getDecoder().decode(pickle));
        assertThat(found.imports()).as("protocol " + protocol).containsExactly(new Import("posix", "system"));
        assertThat(found.problem()).isEmpty();
        assertThat(found.isPickle()).isTrue();
    }

    @Test
    void whatComesBeforeThePickleBreaksIsFound() {
        PickleImports found = read(TinyPickle.protocol2()
                .global("os", "system")
                .text("id")
                .raw(0x85)
                .op('R')
                .raw(0xff)
                .bytes());
        assertThat(found.imports()).containsExactly(new Import("os", "system"));
        assertThat(found.problem()).get().asString().contains("0xff");
    }

    @Test
    void aNameFromTheMemoOrComputedIsFound() {
        PickleImports recalled = read(TinyPickle.protocol2()
                .text("os")
                .raw('q', 7)
                .op('0')
                .raw('h', 7)
                .text("system")
                .raw(0x93)
                .op('.')
                .bytes());
        assertThat(recalled.imports()).containsExactly(new Import("os", "system"));
        PickleImports computed = read(TinyPickle.protocol2()
                .global("builtins", "str")
                .op(')')
                .op('R')
                .text("system")
                .raw(0x93)
                .op('.')
                .bytes());
        assertThat(computed.imports()).contains(Import.COMPUTED, new Import("builtins", "str"));
    }

    @Test
    void theSecondPickleOfAFileIsReadToo() {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(TinyPickle.protocol2().op('N').op('.').bytes());
        file.writeBytes(TinyPickle.protocol2().global("os", "system").op('.').bytes());
        assertThat(read(file.toByteArray()).imports()).containsExactly(new Import("os", "system"));
    }

    @Test
    void otherBytesAreNoPickle() {
        byte[] noise = new byte[10_000];
        new Random(3).nextBytes(noise);
        noise[0] = 0x11;
        assertThat(read(noise)).isEqualTo(read("just a text".getBytes(StandardCharsets.UTF_8)));
        assertThat(read(noise).isPickle()).isFalse();
        assertThat(read(new TinyZip().entry("a.txt", "x").bytes()).isPickle()).isFalse();
        assertThat(read(new byte[0]).isPickle()).isFalse();
    }

    @Test
    void aCompressedArchiveCannotBeTold() {
        byte[] zip = new TinyZip()
                .header("model/data.pkl", 8, 3)
                .data(new byte[3])
                .list("model/data.pkl", 8, 3, 0)
                .bytes();
        PickleImports found = read(zip);
        assertThat(found.isPickle()).isTrue();
        assertThat(found.problem()).get().asString().contains("compressed");
    }

    private static PickleImports read(byte[] file) {
        return PickleImports.of("a file", MemorySegment.ofArray(file));
    }
}
