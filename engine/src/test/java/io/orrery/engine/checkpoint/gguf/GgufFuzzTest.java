package io.orrery.engine.checkpoint.gguf;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.orrery.engine.Fuzzed;
import io.orrery.engine.checkpoint.CheckpointException;
import java.lang.foreign.MemorySegment;

/** Any bytes are a header or a sentence. */
class GgufFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void anyBytesAreAHeaderOrASentence(byte[] bytes) {
        Fuzzed.check(CheckpointException.class, () -> {
            GgufHeader header = GgufHeader.parse("fuzz", MemorySegment.ofArray(bytes));
            header.entries().forEach(entry -> {
                if (entry.offset() < 0 || entry.bytes() > bytes.length) {
                    throw new AssertionError(entry + " is not within the file's " + bytes.length + " bytes");
                }
            });
        });
    }
}
