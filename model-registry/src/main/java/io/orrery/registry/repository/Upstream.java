package io.orrery.registry.repository;

import io.orrery.api.hub.RepoType;
import io.orrery.registry.blob.Content;
import io.orrery.registry.wire.Caller;
import io.orrery.registry.wire.HubProblem;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Another hub, whose repositories are answered with here as if they were ours. Every method may ask that hub, and none may be called in a
 * transaction. What keeps it from answering is a {@link HubProblem}; where something older is here, that is used, and the caller warned.
 */
public interface Upstream {
    /**
     * Looks for a repository that is not here yet; one that is found is from then on.
     *
     * @throws HubProblem with the other name where the repository is called otherwise there
     */
    Optional<Repo> find(RepoType type, String name, Caller caller);

    /** Sees to it that what a revision of a mirrored repository names is here, and not older than it may be. */
    void bring(Repo repo, String revision);

    /** The branches and tags that a mirrored repository has there, those that nobody asked for included. */
    List<Revisions.Ref> refs(Repo repo);

    /** The content of a file of a mirrored repository, which may still be on its way. */
    Content open(MirroredFile file) throws IOException;

    /** A file of a mirrored repository. */
    record MirroredFile(Repo repo, Commit commit, String path, GitBlob blob) {}
}
