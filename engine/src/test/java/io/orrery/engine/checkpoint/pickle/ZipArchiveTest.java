package io.orrery.engine.checkpoint.pickle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.checkpoint.CheckpointException;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ZipArchiveTest {
    private static final byte[] FOUR = {1, 2, 3, 4};

    @Test
    void entriesAreFoundWhereTheyLie() {
        byte[] file = new TinyZip().entry("r/a", FOUR).entry("r/b", FOUR).bytes();
        Map<String, ZipArchive.Entry> entries = entries(file);
        assertThat(entries).containsOnlyKeys("r/a", "r/b");
        assertThat(entries.get("r/b").bytes()).isEqualTo(4);
        assertThat(file[(int) entries.get("r/b").at() + 2]).isEqualTo((byte) 3);
    }

    @Test
    void compressedAndEncryptedEntriesAreRefused() {
        TinyZip compressed = new TinyZip().header("r/a", 8, 4).data(FOUR);
        assertRefused(compressed.list("r/a", 8, 4, 0).bytes(), "the entry r/a is compressed");
        TinyZip encrypted = new TinyZip().header("r/a", 0, 4).data(FOUR);
        assertRefused(encrypted.list("r/a", 1 << 8, 4, 0).bytes(), "the entry r/a is encrypted");
    }

    @Test
    void namesThatLeadElsewhereAreRefused() {
        for (String name : new String[] {"../a", "r/../../a", "/etc/a", "r\\a", "r/a\0b"}) {
            assertRefused(new TinyZip().entry(name, FOUR).bytes(), "which leads elsewhere; do not trust this file");
        }
    }

    @Test
    void twoNamesForOneEntryAreRefused() {
        TinyZip zip = new TinyZip().header("r/b", 0, 4).data(FOUR);
        assertRefused(zip.list("r/a", 0, 4, 0).bytes(), "the entry r/a has another name where it lies");
        assertRefused(new TinyZip().entry("r/a", FOUR).entry("r/a", FOUR).bytes(), "two entries r/a");
    }

    @Test
    void overlappingEntriesAreRefused() {
        TinyZip zip = new TinyZip().header("r/a", 0, 40);
        int inner = zip.position();
        zip.header("r/b", 0, 4).data(new byte[20]);
        assertRefused(zip.list("r/a", 0, 40, 0).list("r/b", 0, 4, inner).bytes(), "the entries r/a and r/b overlap");
    }

    @Test
    void placesThatAreNotThereAreRefused() {
        TinyZip zip = new TinyZip().header("r/a", 0, 4).data(FOUR);
        assertRefused(zip.list("r/a", 0, 400, 0).bytes(), "does not end within the data");
        assertRefused(new TinyZip().data(FOUR).list("r/a", 0, 4, 2).bytes(), "where no entry begins");
        assertRefused(new TinyZip().wide().list("r/a", 0, Long.MAX_VALUE, -5).bytes(), "where no entry begins");
        TinyZip huge = new TinyZip().header("r/a", 0, 4).data(FOUR).wide();
        assertRefused(huge.list("r/a", 0, Long.MAX_VALUE, 0).bytes(), "does not end within the data");
        assertRefused(FOUR, "the zip file has no directory at its end");
    }

    private static Map<String, ZipArchive.Entry> entries(byte[] file) {
        return ZipArchive.entries("f", new LittleEndianBytes(MemorySegment.ofArray(file)));
    }

    private static void assertRefused(byte[] file, String told) {
        assertThatThrownBy(() -> entries(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("f: ")
                .hasMessageContaining(told);
    }
}
