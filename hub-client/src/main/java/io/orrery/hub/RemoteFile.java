package io.orrery.hub;

import io.orrery.api.hub.TreeEntry;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file as the hub promises it.
 *
 * @param oid git's blob hash
 * @param sha256 present where the content is kept outside git; it is then what is checked
 */
record RemoteFile(String path, String oid, @Nullable String sha256, long size) {
    private static final Pattern SHA1 = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /** Hashes become names of files, so they have to be hashes. */
    RemoteFile {
        if (!SHA1.matcher(oid).matches()
                || sha256 != null && !SHA256.matcher(sha256).matches()
                || size < 0) {
            throw new HubException(
                    0,
                    HubException.CORRUPT,
                    "The hub lists '" + path + "' with the hash '" + (sha256 == null ? oid : sha256) + "' and " + size
                            + " bytes, which cannot be.");
        }
    }

    static RemoteFile of(TreeEntry entry) {
        return entry.lfs() == null
                ? new RemoteFile(entry.path(), entry.oid(), null, entry.size())
                : new RemoteFile(
                        entry.path(),
                        entry.oid(),
                        entry.lfs().oid(),
                        entry.lfs().size());
    }

    /** One file of each content, in their order. */
    static List<RemoteFile> distinct(List<RemoteFile> files) {
        Map<String, RemoteFile> byContent = new LinkedHashMap<>();
        files.forEach(file -> byContent.putIfAbsent(file.contentId(), file));
        return List.copyOf(byContent.values());
    }

    static long bytes(List<RemoteFile> files) {
        return files.stream().mapToLong(RemoteFile::size).sum();
    }

    /** The name under which the content is cached: the same content has the same name in every revision. */
    String contentId() {
        return sha256 == null ? oid : sha256;
    }

    MessageDigest digest() {
        return sha256 == null ? Hashes.gitBlob(size) : Hashes.sha256();
    }
}
