package io.orrery.registry.mirror;

import io.orrery.api.hub.RepoType;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.inspection.Facts;
import io.orrery.registry.repository.Change;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.GitBlob;
import io.orrery.registry.repository.MirroredRepos;
import io.orrery.registry.repository.MirroredRepos.Description;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Revisions;
import io.orrery.registry.repository.Upstream.MirroredFile;
import io.orrery.registry.wire.HubProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What somebody has downloaded from another hub, taken in as if it had come from there now. Where that hub is the upstream and answers, it
 * says what the repositories are; otherwise their commits have those files that were downloaded, until it does. Safe for many threads.
 */
@Service
public class HandedOver {
    private static final Logger LOG = LoggerFactory.getLogger(HandedOver.class);

    /** Contents come before the commits that have them. */
    private static final Commit NONE = new Commit("0".repeat(40), "", Optional.empty(), 0, "", "", "", Instant.EPOCH);

    /** A content, and whether its file was {@code linked}, {@code copied} or already {@code here}. */
    public record Content(Sha256 sha256, String how) {}

    private final Mirror mirror;
    private final MirrorProperties properties;
    private final MirroredRepos repos;
    private final MirrorRows rows;
    private final MirroredContents kept;
    private final LocalFiles files;
    private final Facts facts;
    private final TransactionTemplate transaction;

    HandedOver(
            Mirror mirror,
            MirrorProperties properties,
            MirroredRepos repos,
            MirrorRows rows,
            MirroredContents kept,
            LocalFiles files,
            Facts facts,
            TransactionTemplate transaction) {
        this.mirror = mirror;
        this.properties = properties;
        this.repos = repos;
        this.rows = rows;
        this.kept = kept;
        this.files = files;
        this.facts = facts;
        this.transaction = transaction;
    }

    /** Whether a repository may have this id. */
    public static boolean isName(String name) {
        return MirrorPolicy.ID.matcher(name).matches();
    }

    /** The repository of a name, made where there is none. Throws {@link HubProblem} where one of ours has it. */
    public Repo repository(RepoType type, String name, boolean isPrivate, Instant at) {
        Repo repo = repos.find(type, name)
                .or(() -> atTheHub(type, name))
                .orElseGet(() -> repos.describe(type, name, new Description(isPrivate, Optional.empty(), at, at)));
        if (!repo.mirrored()) {
            throw HubProblem.conflict(name + " is a repository of this platform's own, which a download of another"
                    + " hub's must not change");
        }
        return repo;
    }

    private Optional<Repo> atTheHub(RepoType type, String name) {
        try {
            return mirror.find(type, name, Optional.empty());
        } catch (HubProblem e) {
            if (e.movedTo().isPresent()) {
                return repos.find(type, e.movedTo().get())
                        .or(() -> mirror.find(type, e.movedTo().get(), Optional.empty()));
            }
            LOG.info("The upstream says nothing of {}: {}", name, e.getMessage());
            return Optional.empty();
        }
    }

    /** A commit that is known whole, from the upstream, now or before. */
    public Optional<Commit> whole(Repo repo, String oid) {
        if (properties.upstream() != null) {
            try {
                mirror.bring(repo, oid);
            } catch (HubProblem e) {
                LOG.info("The upstream says nothing of {} at {}: {}", repo.name(), oid, e.getMessage());
            }
        }
        return repos.commit(repo, oid).filter(commit -> !rows.isPartial(repo, oid));
    }

    /** Takes in the content of a file. Throws {@link IOException} with the reason where it is not what it is to be. */
    public Content take(Repo repo, String path, GitBlob blob, Path file, boolean mayLink, LongConsumer hashed)
            throws IOException {
        repos.expect(blob);
        MirroredFile target = new MirroredFile(repo, NONE, path, blob);
        Optional<io.orrery.registry.blob.Content> here = kept.find(target);
        if (here.isPresent()) {
            Sha256 sha256 = blob.sha256().or(() -> repos.contentOf(blob)).orElseThrow();
            return new Content(sha256, "here");
        }
        LocalFiles.Landed landed = files.land(blob, file, mayLink, hashed);
        kept.arrived(target, landed.sha256());
        return new Content(
                landed.sha256(),
                switch (landed.way()) {
                    case HERE -> "here";
                    case LINKED -> "linked";
                    case COPIED -> "copied";
                });
    }

    /** Writes a commit down with those of its files that are here; those that an earlier call knew of stay. */
    public void partial(Repo repo, String oid, List<Change.Put> found, Instant at) {
        transaction.executeWithoutResult(status -> {
            Optional<Commit> there = repos.commit(repo, oid);
            if (there.isEmpty()) {
                Commit commit = new Commit(
                        oid, "", Optional.empty(), 0, "Commit " + oid.substring(0, 7), "", MirroredRepos.OWNER, at);
                repos.write(repo, commit, found);
                rows.partial(repo, oid);
            } else if (rows.isPartial(repo, oid)) {
                repos.extend(repo, there.get(), found);
                facts.outdate(repo.id(), oid);
            }
            rows.named(repo, oid, oid, at);
        });
    }

    /** Lets a branch name a commit, unless the upstream has said which it names. */
    public void name(Repo repo, String revision, String oid, Instant at) {
        String ref = revision.startsWith("refs/") ? revision : "refs/heads/" + revision;
        transaction.executeWithoutResult(status -> {
            Optional<MirrorRows.Named> known = rows.revision(repo, revision);
            if (known.isPresent() && !known.get().checkedAt().isBefore(at)) {
                return;
            }
            repos.point(repo, ref, oid);
            rows.named(repo, revision, oid, at);
            rows.ref(repo, new Revisions.Ref(ref, oid));
        });
    }
}
