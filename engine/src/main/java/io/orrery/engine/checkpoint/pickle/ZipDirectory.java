package io.orrery.engine.checkpoint.pickle;

import io.orrery.engine.checkpoint.CheckpointException;

/**
 * Where a zip file says that its entries are listed. Source: PKWARE APPNOTE 6.3.10, sections 4.3.14 to 4.3.16 (zip64 included).
 *
 * @param at the first byte of the list
 * @param bytes of the list
 * @param entries in it
 */
record ZipDirectory(long at, long bytes, long entries) {
    static final long LEAST_ENTRY_BYTES = 46;

    private static final long END = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int MOST_COMMENT_BYTES = 0xFFFF;
    private static final long LOCATOR = 0x07064b50;
    private static final int LOCATOR_BYTES = 20;
    private static final long WIDE_END = 0x06064b50;
    private static final int WIDE_END_BYTES = 56;
    private static final int MOST_ENTRIES = 1 << 20;

    static ZipDirectory find(String source, LittleEndianBytes file) {
        long end = end(source, file);
        long wide = wideEnd(source, file, end);
        ZipDirectory found = wide < 0
                ? new ZipDirectory(file.u32(end + 16), file.u32(end + 12), file.u16(end + 10))
                : new ZipDirectory(file.i64(wide + 48), file.i64(wide + 40), file.i64(wide + 32));
        long limit = wide < 0 ? end : wide;
        if (!file.holds(found.at, found.bytes) || found.at + found.bytes > limit) {
            throw new CheckpointException(
                    source,
                    "the zip directory is to lie at byte " + found.at + " with " + found.bytes
                            + " bytes, which is not within the file; download it again");
        }
        if (found.entries < 0 || found.entries > Math.min(MOST_ENTRIES, found.bytes / LEAST_ENTRY_BYTES)) {
            throw new CheckpointException(
                    source,
                    "the zip directory of " + found.bytes + " bytes is to list " + Long.toUnsignedString(found.entries)
                            + " entries, which is not possible");
        }
        return found;
    }

    /** The record that ends the file, behind which only its comment may stand. */
    private static long end(String source, LittleEndianBytes file) {
        long last = file.size() - END_BYTES;
        for (long at = last; at >= 0 && at >= last - MOST_COMMENT_BYTES; at--) {
            if (file.u32(at) == END && file.u16(at + 20) == last - at) {
                return at;
            }
        }
        throw new CheckpointException(
                source, "the zip file has no directory at its end; it is cut off, download it again");
    }

    /** The zip64 record, or -1 where the plain one suffices. */
    private static long wideEnd(String source, LittleEndianBytes file, long end) {
        long locator = end - LOCATOR_BYTES;
        if (locator < 0 || file.u32(locator) != LOCATOR) {
            return -1;
        }
        long at = file.i64(locator + 8);
        if (at < 0 || at > locator - WIDE_END_BYTES || file.u32(at) != WIDE_END) {
            throw new CheckpointException(
                    source, "the zip64 directory is to be at byte " + at + ", where there is none; download it again");
        }
        return at;
    }
}
