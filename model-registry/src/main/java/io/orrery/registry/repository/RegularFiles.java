package io.orrery.registry.repository;

import io.orrery.registry.blob.BlobStore;
import io.orrery.registry.blob.Contents;
import io.orrery.registry.blob.StagedBlob;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.OptionalLong;
import org.springframework.stereotype.Service;

/** Files that come inside a commit; their contents are staged first and published when the whole commit is known to be good. */
@Service
public class RegularFiles {
    private final Contents contents;

    RegularFiles(Contents contents) {
        this.contents = contents;
    }

    /** A file that has arrived. */
    public record Staged(FilePath path, GitBlob blob, StagedBlob content) {}

    public Staged stage(FilePath path, byte[] content) throws IOException {
        GitBlob blob = GitBlob.regular(content);
        BlobStore.Expected expected =
                new BlobStore.Expected(path.toString(), blob.sha256(), OptionalLong.of(content.length));
        return new Staged(path, blob, contents.stage(new ByteArrayInputStream(content), expected));
    }
}
