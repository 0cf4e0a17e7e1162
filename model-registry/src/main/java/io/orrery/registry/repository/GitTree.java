package io.orrery.registry.repository;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A folder as git writes it: for each entry the mode, a space, the name, a zero byte and 20 bytes of hash, sorted by bytes. It is kept
 * as it is written, with the places where entries begin: a folder of 10,000 files is 0.5 MB, and a name is found in it by halving.
 * Immutable.
 */
final class GitTree {
    /** The folder with nothing in it. */
    static final GitTree EMPTY = new GitTree(new byte[0], new int[0]);

    private static final byte[] FILE_MODE = "100644 ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FOLDER_MODE = "40000 ".getBytes(StandardCharsets.US_ASCII);
    private static final int OID_BYTES = 20;

    /** A file or folder in a folder. */
    record Entry(String name, boolean folder, String oid) {
        /** Git sorts a folder as if its name ended in a slash. */
        byte[] sortKey() {
            return (folder ? name + "/" : name).getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Takes an entry's kind and where its hash stands. */
    @FunctionalInterface
    interface Hashes {
        void take(boolean folder, int at);
    }

    private final byte[] content;
    private final int[] starts;

    private GitTree(byte[] content, int[] starts) {
        this.content = content;
        this.starts = starts;
    }

    static GitTree of(Collection<Entry> entries) {
        List<Entry> sorted = entries.stream()
                .sorted(Comparator.comparing(Entry::sortKey, Arrays::compareUnsigned))
                .toList();
        ByteArrayOutputStream out = new ByteArrayOutputStream(64 * entries.size());
        int[] starts = new int[sorted.size()];
        for (int i = 0; i < starts.length; i++) {
            Entry entry = sorted.get(i);
            starts[i] = out.size();
            out.writeBytes(entry.folder() ? FOLDER_MODE : FILE_MODE);
            out.writeBytes(entry.name().getBytes(StandardCharsets.UTF_8));
            out.write(0);
            out.writeBytes(HexFormat.of().parseHex(entry.oid()));
        }
        return new GitTree(out.toByteArray(), starts);
    }

    static GitTree decode(byte[] content) {
        int[] starts = new int[16];
        int count = 0;
        for (int at = 0; at < content.length; at = nameEnd(content, at) + 1 + OID_BYTES) {
            if (count == starts.length) {
                starts = Arrays.copyOf(starts, 2 * count);
            }
            starts[count++] = at;
        }
        return new GitTree(content, Arrays.copyOf(starts, count));
    }

    byte[] encode() {
        return content;
    }

    /** Bytes of memory that this takes, nearly. */
    int weight() {
        return content.length + Integer.BYTES * starts.length + 64;
    }

    /** In git's order; an entry is made when it is asked for. */
    List<Entry> entries() {
        return new AbstractList<>() {
            @Override
            public Entry get(int index) {
                return entry(index);
            }

            @Override
            public int size() {
                return starts.length;
            }
        };
    }

    /** The file or folder with a name. */
    Optional<Entry> find(String name) {
        return find(name, false).or(() -> find(name, true));
    }

    private Optional<Entry> find(String name, boolean folder) {
        byte[] key = new Entry(name, folder, "").sortKey();
        int index = indexFrom(key);
        return index < starts.length && compare(index, key) == 0 ? Optional.of(entry(index)) : Optional.empty();
    }

    /** Index of the first entry that does not sort before a key. */
    int indexFrom(byte[] key) {
        int low = 0;
        int high = starts.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (compare(middle, key) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private int compare(int index, byte[] key) {
        int start = nameStart(starts[index]);
        int end = nameEnd(content, start);
        int shared = Arrays.mismatch(content, start, end, key, 0, key.length);
        if (shared < 0) {
            return isFolder(starts[index]) ? 1 : 0;
        }
        int mine = shared < end - start ? content[start + shared] & 0xff : isFolder(starts[index]) ? '/' : -1;
        int other = shared < key.length ? key[shared] & 0xff : -1;
        if (mine == other) {
            // the entry's slash, of which nothing follows
            return shared + 1 == key.length ? 0 : -1;
        }
        return Integer.compare(mine, other);
    }

    private Entry entry(int index) {
        int start = nameStart(starts[index]);
        int end = nameEnd(content, start);
        return new Entry(
                new String(content, start, end - start, StandardCharsets.UTF_8),
                isFolder(starts[index]),
                HexFormat.of().formatHex(content, end + 1, end + 1 + OID_BYTES));
    }

    private boolean isFolder(int start) {
        return content[start] == FOLDER_MODE[0];
    }

    private int nameStart(int start) {
        int at = start;
        while (content[at] != ' ') {
            at++;
        }
        return at + 1;
    }

    private static int nameEnd(byte[] content, int start) {
        int end = start;
        while (content[end] != 0) {
            end++;
        }
        return end;
    }

    /** Goes over the hashes of a folder without making entries of them. */
    static void hashes(byte[] content, Hashes hashes) {
        int end;
        for (int at = 0; at < content.length; at = end + 1 + OID_BYTES) {
            end = nameEnd(content, at);
            hashes.take(content[at] == FOLDER_MODE[0], end + 1);
        }
    }
}
