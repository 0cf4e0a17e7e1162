package io.orrery.registry.inspection;

import io.orrery.api.hub.RepoInfo.Ancestor;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.GitBlob;
import io.orrery.registry.repository.Repo;
import java.util.List;
import java.util.SortedMap;

/**
 * A commit was looked at, new or again; published inside the transaction that keeps what was found.
 *
 * @param files that were looked at: of a large repository not all
 */
public record CommitInspected(Repo repo, Commit commit, List<Ancestor> lineage, SortedMap<String, GitBlob> files) {
    public CommitInspected {
        lineage = List.copyOf(lineage);
    }
}
