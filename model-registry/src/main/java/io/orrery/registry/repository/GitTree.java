package io.orrery.registry.repository;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/** A folder as git writes it: for each entry the mode, a space, the name, a zero byte and 20 bytes of hash, sorted by bytes. */
record GitTree(List<Entry> entries) {
    /** The folder with nothing in it. */
    static final GitTree EMPTY = new GitTree(List.of());

    private static final String FILE_MODE = "100644";
    private static final String FOLDER_MODE = "40000";
    private static final int OID_BYTES = 20;

    /** A file or folder in a folder. */
    record Entry(String name, boolean folder, String oid) {
        /** Git sorts a folder as if its name ended in a slash. */
        byte[] sortKey() {
            return (folder ? name + "/" : name).getBytes(StandardCharsets.UTF_8);
        }
    }

    GitTree {
        entries = List.copyOf(entries);
    }

    static GitTree of(Collection<Entry> entries) {
        return new GitTree(entries.stream()
                .sorted(Comparator.comparing(Entry::sortKey, Arrays::compareUnsigned))
                .toList());
    }

    byte[] encode() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Entry entry : entries) {
            out.writeBytes(((entry.folder() ? FOLDER_MODE : FILE_MODE) + " " + entry.name() + "\0")
                    .getBytes(StandardCharsets.UTF_8));
            out.writeBytes(HexFormat.of().parseHex(entry.oid()));
        }
        return out.toByteArray();
    }

    static GitTree decode(byte[] content) {
        List<Entry> entries = new ArrayList<>();
        int at = 0;
        while (at < content.length) {
            int end = at;
            while (content[end] != 0) {
                end++;
            }
            String head = new String(content, at, end - at, StandardCharsets.UTF_8);
            int space = head.indexOf(' ');
            String oid = HexFormat.of().formatHex(content, end + 1, end + 1 + OID_BYTES);
            entries.add(new Entry(head.substring(space + 1), head.startsWith(FOLDER_MODE), oid));
            at = end + 1 + OID_BYTES;
        }
        return new GitTree(entries);
    }
}
