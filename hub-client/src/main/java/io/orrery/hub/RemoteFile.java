package io.orrery.hub;

import io.orrery.api.hub.TreeEntry;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * A file as the hub promises it.
 *
 * @param oid git's blob hash
 * @param sha256 present where the content is kept outside git; it is then what is checked
 */
record RemoteFile(String path, String oid, @Nullable String sha256, long size) {
    static RemoteFile of(TreeEntry entry) {
        return entry.lfs() == null
                ? new RemoteFile(entry.path(), entry.oid(), null, entry.size())
                : new RemoteFile(
                        entry.path(),
                        entry.oid(),
                        entry.lfs().oid(),
                        entry.lfs().size());
    }

    /** The name under which the content is cached: the same content has the same name in every revision. */
    String contentId() {
        return sha256 == null ? oid : sha256;
    }

    MessageDigest digest() {
        return sha256 == null ? Hashes.gitBlob(size) : Hashes.sha256();
    }
}
