package io.orrery.registry.mirror;

import io.orrery.registry.blob.Content;
import io.orrery.registry.blob.ContentRepair;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.repository.FileUses;
import io.orrery.registry.repository.Upstream;
import java.io.IOException;
import java.io.OutputStream;
import org.springframework.stereotype.Component;

/** A damaged content that is a file of another hub's repository is fetched from there again. */
@Component
class RefetchedContents implements ContentRepair {
    private final FileUses uses;
    private final Upstream upstream;

    RefetchedContents(FileUses uses, Upstream upstream) {
        this.uses = uses;
        this.upstream = upstream;
    }

    @Override
    public boolean repair(Sha256 sha256) throws IOException {
        for (FileUses.Use use : uses.of(sha256)) {
            if (use.repo().mirrored()) {
                Content again =
                        upstream.open(new Upstream.MirroredFile(use.repo(), use.commit(), use.path(), use.blob()));
                again.copy(0, again.size(), OutputStream.nullOutputStream());
                return true;
            }
        }
        return false;
    }
}
