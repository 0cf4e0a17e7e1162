package io.orrery.engine.checkpoint.safetensors;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.orrery.engine.Fuzzed;
import io.orrery.engine.checkpoint.CheckpointException;
import java.lang.foreign.MemorySegment;

/** Any bytes are a header or a sentence. */
class SafetensorsFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void anyBytesAreAHeaderOrASentence(byte[] bytes) {
        Fuzzed.check(CheckpointException.class, () -> {
            SafetensorsHeader header = SafetensorsHeader.parse("fuzz", MemorySegment.ofArray(bytes));
            header.entries().forEach(entry -> {
                if (header.dataStart() + entry.end() > bytes.length) {
                    throw new AssertionError(entry + " ends behind the file's " + bytes.length + " bytes");
                }
            });
        });
    }
}
