package io.orrery.registry.repository;

import io.orrery.registry.blob.Content;
import io.orrery.registry.blob.Contents;
import io.orrery.registry.wire.Caller;
import io.orrery.registry.wire.HubProblem;
import java.io.IOException;
import org.springframework.stereotype.Service;

/** The contents of files, those included that another hub has and that have not come yet. */
@Service
public class FileContents {
    private final Contents contents;
    private final Upstream upstream;
    private final ContentAccess access;

    FileContents(Contents contents, Upstream upstream, ContentAccess access) {
        this.contents = contents;
        this.access = access;
        this.upstream = upstream;
    }

    /** Throws where a caller may see a repository but not read its contents. */
    public void requireReader(Repo repo, Caller caller) {
        access.require(repo, caller);
    }

    /** The content of a file of a commit; of another hub's it may be fetched now, so that this may not be called in a transaction. */
    public Content open(Repo repo, Commit commit, String path, GitBlob blob) throws IOException {
        return repo.mirrored()
                ? upstream.open(new Upstream.MirroredFile(repo, commit, path, blob))
                : contents.find(blob.sha256().orElseThrow())
                        .filter(content -> content.size() == blob.size())
                        .orElseThrow(() -> damaged(path, blob));
    }

    private static HubProblem damaged(String path, GitBlob blob) {
        return HubProblem.of(
                500,
                "The content of " + path + " was damaged in this hub's store and is kept from its readers. Upload the"
                        + " file again, or have an administrator restore the content with the sha256 "
                        + blob.sha256().orElseThrow().hex());
    }
}
