package io.orrery.engine.checkpoint.pickle;

import io.orrery.engine.checkpoint.CheckpointException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The entries of a zip file that stores them as they are, checked whole: nothing compressed, encrypted, twice, overlapping or with
 * a name that leads elsewhere. Nothing is unpacked. Source: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.5.3.
 */
final class ZipArchive {
    /**
     * Bytes in the file.
     *
     * @param header where the entry's own header begins
     * @param at its first byte of data
     */
    record Entry(String name, long header, long at, long bytes) {}

    private static final long MAGIC = 0x04034b50;
    private static final long LISTED = 0x02014b50;
    private static final int LOCAL_BYTES = 30;
    private static final int ENCRYPTED = 1;
    private static final int WIDE_FIELD = 1;
    private static final long WIDE = 0xFFFFFFFFL;

    private final String source;
    private final LittleEndianBytes file;
    private final ZipDirectory directory;

    private ZipArchive(String source, LittleEndianBytes file) {
        this.source = source;
        this.file = file;
        this.directory = ZipDirectory.find(source, file);
    }

    static boolean isZip(LittleEndianBytes file) {
        return file.holds(0, 4) && file.u32(0) == MAGIC;
    }

    /** By name, in the directory's order. @throws CheckpointException at the first fault */
    static Map<String, Entry> entries(String source, LittleEndianBytes file) {
        return new ZipArchive(source, file).read();
    }

    private Map<String, Entry> read() {
        Map<String, Entry> entries = new LinkedHashMap<>();
        long at = directory.at();
        long end = directory.at() + directory.bytes();
        for (long i = 0; i < directory.entries(); i++) {
            if (end - at < ZipDirectory.LEAST_ENTRY_BYTES || file.u32(at) != LISTED) {
                throw broken("the zip directory breaks at byte " + at + ", before entry " + i);
            }
            long next = at + ZipDirectory.LEAST_ENTRY_BYTES + file.u16(at + 28) + file.u16(at + 30) + file.u16(at + 32);
            if (next > end) {
                throw broken("entry " + i + " of the zip directory, at byte " + at + ", is cut off");
            }
            Entry entry = entry(at);
            if (entries.put(entry.name(), entry) != null) {
                throw broken("the zip file has two entries " + entry.name());
            }
            at = next;
        }
        checkApart(entries);
        return entries;
    }

    private Entry entry(long at) {
        String name = file.text(at + ZipDirectory.LEAST_ENTRY_BYTES, file.u16(at + 28));
        checkName(name);
        if ((file.u16(at + 8) & ENCRYPTED) != 0) {
            throw new CheckpointException(source, "the entry " + name + " is encrypted; save the model without that");
        }
        if (file.u16(at + 10) != 0) {
            throw new CheckpointException(
                    source,
                    "the entry " + name + " is compressed, where torch.save stores the bytes as they are;"
                            + " unpack the file and zip it with compression 0, or save it again");
        }
        long bytes = file.u32(at + 24);
        long stored = file.u32(at + 20);
        long header = file.u32(at + 42);
        if (bytes == WIDE || stored == WIDE || header == WIDE) {
            List<Long> wide = wideFields(name, at, List.of(bytes, stored, header));
            bytes = wide.get(0);
            stored = wide.get(1);
            header = wide.get(2);
        }
        if (stored != bytes) {
            throw broken("the stored entry " + name + " is to have " + bytes + " bytes and also " + stored);
        }
        return new Entry(name, header, dataStart(name, header, bytes), bytes);
    }

    /** A name is a key of a map here; one that would lead out of a folder is nevertheless nobody's honest file. */
    private void checkName(String name) {
        boolean leadsOut = Arrays.asList(name.split("/", -1)).contains("..");
        if (leadsOut || name.startsWith("/") || name.indexOf('\\') >= 0 || name.indexOf(0) >= 0) {
            throw new CheckpointException(
                    source, "the zip file has an entry '" + name + "', which leads elsewhere; do not trust this file");
        }
    }

    /** The three fields, of which those that are saturated stand in the zip64 extra field in this order. */
    private List<Long> wideFields(String name, long at, List<Long> narrow) {
        long extra = at + ZipDirectory.LEAST_ENTRY_BYTES + file.u16(at + 28);
        long end = extra + file.u16(at + 30);
        while (extra + 4 <= end) {
            long next = extra + 4 + file.u16(extra + 2);
            if (file.u16(extra) == WIDE_FIELD && next <= end) {
                return widened(name, narrow, extra + 4, next);
            }
            extra = next;
        }
        throw broken("the entry " + name + " says that its sizes are in a zip64 field, which it lacks");
    }

    private List<Long> widened(String name, List<Long> narrow, long from, long to) {
        List<Long> wide = new ArrayList<>(narrow);
        long at = from;
        for (int i = 0; i < wide.size(); i++) {
            if (wide.get(i) == WIDE) {
                if (to - at < 8) {
                    throw broken("the zip64 field of the entry " + name + " is cut off");
                }
                wide.set(i, file.i64(at));
                at += 8;
            }
        }
        return wide;
    }

    private long dataStart(String name, long header, long bytes) {
        if (!file.holds(header, LOCAL_BYTES) || file.u32(header) != MAGIC) {
            throw broken("the entry " + name + " is to begin at byte " + header + ", where no entry begins");
        }
        int nameBytes = file.u16(header + 26);
        long at = header + LOCAL_BYTES + nameBytes + file.u16(header + 28);
        if (!file.holds(at, bytes) || at + bytes > directory.at()) {
            throw broken(
                    "the entry " + name + " of " + bytes + " bytes at byte " + at + " does not end within the data");
        }
        if (!file.text(header + LOCAL_BYTES, nameBytes).equals(name)) {
            throw broken("the entry " + name + " has another name where it lies, at byte " + header);
        }
        return at;
    }

    private void checkApart(Map<String, Entry> entries) {
        Optional<Entry> before = Optional.empty();
        for (Entry entry : entries.values().stream()
                .sorted(Comparator.comparingLong(Entry::header))
                .toList()) {
            if (before.isPresent()
                    && entry.header() < before.get().at() + before.get().bytes()) {
                throw broken("the entries " + before.get().name() + " and " + entry.name() + " overlap");
            }
            before = Optional.of(entry);
        }
    }

    private CheckpointException broken(String problem) {
        return new CheckpointException(source, problem + "; the file is damaged, download it again");
    }
}
