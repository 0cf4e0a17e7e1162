package io.orrery.engine.checkpoint.pickle;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.checkpoint.CheckpointException;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostilePickleTest {
    @ParameterizedTest
    @CsvSource({
        "os, system",
        "posix, system",
        "builtins, eval",
        "__builtin__, exec",
        "subprocess, Popen",
        "torch, load",
        "torch._utils, _rebuild_tensor",
        "collections, OrderedDict.fromkeys",
        "torch.storage, FloatStorage",
        "runpy, _run_code",
        "torch.serialization, add_safe_globals"
    })
    void globalsThatTensorsDoNotNeedAreRefusedByNameAndPlace(String module, String name) {
        assertRefused(
                TinyPickle.protocol2()
                        .op('N')
                        .global(module, name)
                        .text("touch /tmp/x")
                        .raw(0x85)
                        .op('R'),
                "the pickle names " + module + "." + name
                        + ", which no file of tensors needs; nothing of it was executed (at byte 3 of data.pkl)");
    }

    /** INST, OBJ, NEWOBJ, NEWOBJ_EX, STACK_GLOBAL, PERSID, DUP, EXT1, BUFFER, text integers. */
    @ParameterizedTest
    @CsvSource({"105", "111", "129", "146", "147", "80", "50", "130", "151", "73"})
    void otherOpcodesAreRefused(int opcode) {
        assertRefused(
                TinyPickle.protocol2().op('N').raw(opcode, 0, 0, 0, 0),
                "uses the opcode 0x" + Integer.toHexString(opcode));
    }

    @Test
    void onlyFunctionsAreCalledAndOnlyAsTheyAre() {
        assertRefused(TinyPickle.protocol2().text("x").op(')').op('R'), "calls a text");
        assertRefused(
                TinyPickle.protocol2().global("torch", "FloatStorage").op(')').op('R'), "calls a storage class");
        assertRefused(
                TinyPickle.protocol2()
                        .global("collections", "OrderedDict")
                        .op(']')
                        .op('R'),
                "calls collections.OrderedDict with a list");
        assertRefused(
                TinyPickle.protocol2()
                        .global("collections", "OrderedDict")
                        .op('N')
                        .raw(0x85)
                        .op('R'),
                "makes an OrderedDict of something");
        assertRefused(
                TinyPickle.protocol2()
                        .global("torch._utils", "_rebuild_tensor_v2")
                        .op(')')
                        .op('R'),
                "calls torch._utils._rebuild_tensor_v2 with other arguments");
        assertRefused(
                TinyPickle.protocol2()
                        .global("torch._utils", "_rebuild_parameter")
                        .op(')')
                        .op('R'),
                "calls torch._utils._rebuild_parameter with 0 arguments");
        assertRefused(TinyPickle.protocol2().global("torch", "float32").op('}').op('b'), "sets the state of a dtype");
    }

    @Test
    void referencesToAnythingButStoragesAreRefused() {
        assertRefused(TinyPickle.protocol2().text("/etc/passwd").op('Q'), "refers to something outside");
        assertRefused(TinyPickle.protocol2().tuple(1, 2, 3, 4, 5).op('Q'), "refers to something outside");
    }

    @Test
    void deepNestingIsNeitherFollowedNorAnOverflow() {
        TinyPickle tuples = TinyPickle.protocol2().op('N');
        TinyPickle lists = TinyPickle.protocol2();
        TinyPickle self =
                TinyPickle.protocol2().op('}').raw('q', 0).text("x").raw('h', 0).op('s');
        for (int i = 0; i < 200_000; i++) {
            tuples.raw(0x85);
            lists.op(']');
        }
        for (int i = 0; i < 199_999; i++) {
            lists.op('a');
        }
        assertNoTensors(tuples, "a tuple");
        assertNoTensors(lists, "a list");
        assertNoTensors(self, "a dictionary under 'x'");
    }

    private static void assertNoTensors(TinyPickle pickle, String told) {
        PickleValue top = read(pickle);
        assertThatThrownBy(() -> new ViewTensors("f", 100, _ -> MemorySegment.NULL).all(top))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("holds " + told);
    }

    @Test
    void theStackAndTheMemoAreBounded() {
        TinyPickle marks = TinyPickle.protocol2();
        TinyPickle copies = TinyPickle.protocol2().op(']').raw('q', 0);
        TinyPickle remembered = TinyPickle.protocol2().op('N');
        for (int i = 0; i < 1 << 21; i++) {
            marks.op('(');
            copies.raw('h', 0).op('a').raw('h', 0).op('a');
            remembered.raw(0x94).raw(0x94).raw(0x94);
        }
        assertRefused(marks, "handles more values than 1048576");
        assertRefused(copies, "handles more values than 4194304");
        assertRefused(remembered, "remembers more than 4194304 values");
    }

    @Test
    void theMemoHasNoHoles() {
        read(TinyPickle.protocol2().op('N').op('r').u32(-1).op('j').u32(-1));
        assertRefused(TinyPickle.protocol2().op('N').op('r').u32(-1).raw('h', 7), "recalls the value 7");
        assertRefused(TinyPickle.protocol2().op('q').raw(0), "takes a value where there is none");
    }

    @Test
    void sizesThatThePickleDoesNotHaveAreRefused() {
        assertRefused(TinyPickle.protocol2().op('X').u32(-1), "needs 4294967295 bytes more, but ends 1 bytes on");
        assertRefused(TinyPickle.protocol2().raw(0x8c, 200, 'a'), "needs 200 bytes more, but ends 2 bytes on");
        assertRefused(TinyPickle.protocol2().raw(0x8a, 255), "holds a number of 255 bytes");
        assertRefused(TinyPickle.protocol2().raw('X', 2, 0, 0, 0, 0xc3, 0x28), "holds a text that is not UTF-8");
        assertRefused(TinyPickle.protocol2().op('c').raw("a".repeat(300).chars().toArray()), "that is no name");
        assertRefused(TinyPickle.protocol2().raw(0x80, 6), "is of protocol 6");
    }

    @Test
    void valuesThatAreNotThereAreRefused() {
        assertRefused(TinyPickle.protocol2(), "takes a value where there is none");
        assertRefused(TinyPickle.protocol2().raw(0x87), "takes a value where there is none");
        assertRefused(TinyPickle.protocol2().op('(').op('R'), "takes a value where there is none");
        assertRefused(TinyPickle.protocol2().op('t'), "takes values back to a mark that is not there");
        assertRefused(TinyPickle.protocol2().op('N').op('N').op('a'), "appends to None");
        assertRefused(TinyPickle.protocol2().op('N').text("k").op('N').op('s'), "sets items of None");
        assertRefused(TinyPickle.protocol2().op('}').op('(').text("k").op('u'), "sets a key of a dictionary without");
        assertRefused(TinyPickle.protocol2().op('}').op('N').op('N').op('s'), "a dictionary with None as a key");
    }

    private static PickleValue read(TinyPickle pickle) {
        byte[] bytes = pickle.op('.').bytes();
        return new Unpickler(new PickleCursor("f", "data.pkl", MemorySegment.ofArray(bytes), 0)).read();
    }

    private static void assertRefused(TinyPickle pickle, String told) {
        assertThatThrownBy(() -> read(pickle))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("f: the pickle ")
                .hasMessageContaining(told);
    }
}
