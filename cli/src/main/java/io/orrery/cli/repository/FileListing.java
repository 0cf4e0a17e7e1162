package io.orrery.cli.repository;

import io.orrery.api.hub.TreeEntry;
import io.orrery.cli.terminal.Quantity;
import io.orrery.cli.terminal.Table;
import io.orrery.cli.terminal.Terminal;
import java.util.List;

/** The files of a revision: sizes and hashes, and on demand the commits that changed them last. */
final class FileListing {
    private static final int SHORT_HASH = 12;

    private final Terminal terminal;
    private final boolean isLong;
    private final boolean json;

    FileListing(Terminal terminal, boolean isLong, boolean json) {
        this.terminal = terminal;
        this.isLong = isLong;
        this.json = json;
    }

    void show(List<TreeEntry> entries) {
        List<TreeEntry> files = entries.stream()
                .filter(entry -> entry.type().equals(TreeEntry.FILE))
                .toList();
        if (json) {
            files.forEach(terminal::json);
            return;
        }
        Table table =
                isLong ? new Table("SIZE", "HASH", "CHANGED", "COMMIT", "PATH") : new Table("SIZE", "HASH", "PATH");
        for (TreeEntry file : files) {
            if (isLong) {
                table.row(Quantity.bytes(file.size()), hash(file), changed(file), title(file), file.path());
            } else {
                table.row(Quantity.bytes(file.size()), hash(file).substring(0, SHORT_HASH), file.path());
            }
        }
        table.lines().forEach(terminal::line);
        long bytes = files.stream().mapToLong(TreeEntry::size).sum();
        terminal.note(files.size() + " files, " + Quantity.bytes(bytes));
    }

    /** Of the content where it is kept outside git, and git's otherwise. */
    private static String hash(TreeEntry file) {
        String sha256 = file.lfs() == null ? null : file.lfs().oid();
        return sha256 == null ? file.oid() : sha256;
    }

    private static String changed(TreeEntry file) {
        return file.lastCommit() == null
                ? "-"
                : file.lastCommit().date().toString().substring(0, 10);
    }

    private static String title(TreeEntry file) {
        return file.lastCommit() == null
                ? "-"
                : file.lastCommit().id().substring(0, SHORT_HASH) + " "
                        + file.lastCommit().title();
    }
}
