package io.orrery.registry.repository;

import java.util.Optional;

/**
 * A file or folder of a revision.
 *
 * @param oid git's hash of the blob or tree
 * @param blob empty for a folder
 */
public record TreeItem(String path, String oid, Optional<GitBlob> blob) {
    public boolean isFolder() {
        return blob.isEmpty();
    }
}
