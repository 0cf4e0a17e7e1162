package io.orrery.registry.repository;

import io.orrery.api.hub.TreeEntry.SecurityFileStatus;
import java.util.Collection;
import java.util.Map;

/** Knows which files can be trusted. */
public interface FileSecurity {
    /** By path, of files and not of folders. */
    Map<String, SecurityFileStatus> of(Collection<TreeItem> items);
}
