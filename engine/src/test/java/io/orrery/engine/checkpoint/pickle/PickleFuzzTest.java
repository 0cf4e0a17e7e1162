package io.orrery.engine.checkpoint.pickle;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.orrery.engine.Fuzzed;
import io.orrery.engine.checkpoint.CheckpointException;
import java.lang.foreign.MemorySegment;

/** Any bytes are tensors that lie within them, or a sentence. */
class PickleFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void anyPickleIsAValueOrASentence(byte[] bytes) {
        Fuzzed.check(
                CheckpointException.class,
                () -> new Unpickler(new PickleCursor("fuzz", "data.pkl", MemorySegment.ofArray(bytes), 0)).read());
    }

    @FuzzTest(maxDuration = "60s")
    void theImportsOfAnyFileAreTold(byte[] bytes) {
        Fuzzed.check(CheckpointException.class, () -> PickleImports.of("fuzz", MemorySegment.ofArray(bytes)));
    }
}
