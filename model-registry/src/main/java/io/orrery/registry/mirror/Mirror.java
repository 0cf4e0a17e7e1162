package io.orrery.registry.mirror;

import io.orrery.api.hub.RepoType;
import io.orrery.registry.blob.Content;
import io.orrery.registry.mirror.UpstreamException.Failure;
import io.orrery.registry.repository.MirroredRepos;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Revisions.Ref;
import io.orrery.registry.repository.Upstream;
import io.orrery.registry.wire.Caller;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubWarning;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/**
 * Repositories of the other hub: looked for when they are asked for, asked about again when what is known has aged, and answered with from
 * what is here while that hub cannot be asked. Safe for many threads.
 */
@Component
class Mirror implements Upstream {
    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{7,40}");
    private static final int COMMIT_DIGITS = 40;
    private static final int MOST_NAME = 200;
    /** What is not here at all is waited for longer than what is: there is nothing else to answer. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private static final Duration ALIAS = Duration.ofDays(1);

    private record Name(RepoType type, String name) {}

    private record Revision(long repoId, String revision) {}

    private final MirrorProperties properties;
    private final MirrorPolicy policy;
    private final MirrorRules rules;
    private final MirrorState state;
    private final MirroredRepos repos;
    private final MirrorRows rows;
    private final Pins pins;
    private final Bringer bringer;
    private final MirroredContents contents;
    private final Landings landings;
    private final MirrorMeters meters;
    private final Clock clock;
    private final Recently absences;
    private final Coalesced<Name, Optional<Repo>> adoptions;
    private final Coalesced<Revision, Boolean> checks;
    private final Coalesced<Long, List<Ref>> listings;

    Mirror(
            MirrorProperties properties,
            MirrorPolicy policy,
            MirrorRules rules,
            MirrorState state,
            MirroredRepos repos,
            MirrorRows rows,
            Pins pins,
            Bringer bringer,
            MirroredContents contents,
            Landings landings,
            MirrorMeters meters,
            Clock clock,
            MirrorThreads threads) {
        this.properties = properties;
        this.policy = policy;
        this.rules = rules;
        this.state = state;
        this.repos = repos;
        this.rows = rows;
        this.pins = pins;
        this.bringer = bringer;
        this.contents = contents;
        this.landings = landings;
        this.meters = meters;
        this.clock = clock;
        this.absences = new Recently(clock, properties.absence());
        this.adoptions = new Coalesced<>(threads::execute);
        this.checks = new Coalesced<>(threads::execute);
        this.listings = new Coalesced<>(threads::execute);
    }

    @Override
    public Optional<Repo> find(RepoType type, String name, Caller caller) {
        return find(type, name, Optional.of(caller));
    }

    /** As {@link #find(RepoType, String, Caller)}, for the registry itself. */
    Optional<Repo> find(RepoType type, String name, Optional<Caller> caller) {
        Name key = new Name(type, name);
        if (!policy.mayAsk(name, caller) || absences.contains(key)) {
            return Optional.empty();
        }
        rows.alias(type, name, clock.instant().minus(ALIAS)).ifPresent(other -> {
            throw HubProblem.moved(other);
        });
        try {
            state.requireOnline(name);
            Optional<Repo> found = wait(name, () -> adoptions.get(key, () -> bringer.adopt(type, name), LONGEST));
            if (found.isEmpty()) {
                absences.add(key);
            }
            return found;
        } catch (UpstreamException e) {
            throw e.problem();
        }
    }

    @Override
    public void bring(Repo repo, String revision) {
        rules.requireMirrored(repo);
        String asked = revision.equals("HEAD") || revision.equals("refs/heads/main") ? "main" : revision;
        if (DIGITS.matcher(asked).matches()
                && repos.hasCommit(repo, asked)
                && (properties.upstream() == null || !rows.isPartial(repo, asked))) {
            return;
        }
        Optional<MirrorRows.Named> known = rows.revision(repo, asked);
        if ((known.isPresent() && isFresh(known.get().checkedAt())) || pins.isPinned(repo, asked)) {
            return;
        }
        Revision key = new Revision(repo.id(), asked);
        if (asked.length() > MOST_NAME || absences.contains(key)) {
            throw HubProblem.revisionNotFound(revision);
        }
        try {
            check(repo, key, known.isPresent());
        } catch (UpstreamException e) {
            stale(repo, revision, known, e);
        }
    }

    private void check(Repo repo, Revision key, boolean isKnown) {
        state.requireOnline(repo.name());
        try {
            wait(
                    repo.name(),
                    () -> checks.get(
                            key,
                            () -> {
                                bringer.check(repo, key.revision());
                                return true;
                            },
                            isKnown ? properties.patience() : LONGEST));
        } catch (HubProblem missing) {
            if (missing.movedTo().isEmpty()) {
                absences.add(key);
            }
            throw missing;
        }
    }

    /** Goes on with what is here, and says so. */
    private void stale(Repo repo, String revision, Optional<MirrorRows.Named> known, UpstreamException why) {
        if (known.isEmpty()) {
            throw why.failure() == Failure.GONE ? HubProblem.revisionNotFound(revision) : why.problem();
        }
        HubWarning.say(
                "mirror",
                why.sentence() + ". This is " + repo.name() + " at " + revision + " as it was at "
                        + known.get().checkedAt() + ".");
    }

    @Override
    public List<Ref> refs(Repo repo) {
        Optional<Instant> known = rows.refsCheckedAt(repo);
        if (known.isPresent() && isFresh(known.get())) {
            return pins.applyTo(repo, rows.refs(repo));
        }
        try {
            state.requireOnline(repo.name());
            return pins.applyTo(
                    repo,
                    wait(repo.name(), () -> listings.get(repo.id(), () -> bringer.refs(repo), properties.patience())));
        } catch (UpstreamException e) {
            HubWarning.say("mirror", e.sentence() + ". Not all branches and tags may be listed.");
            return pins.applyTo(repo, rows.refs(repo));
        }
    }

    @Override
    public Content open(MirroredFile file) throws IOException {
        rules.admit(file);
        Optional<Content> kept = contents.find(file);
        meters.read(kept.isPresent());
        if (kept.isPresent()) {
            return landings.isDoubtful(file) ? new DoubtfulContent(kept.get()) : kept.get();
        }
        try {
            state.requireOnline(file.path() + " of " + file.repo().name());
        } catch (UpstreamException e) {
            throw e.problem();
        }
        return landings.open(file);
    }

    private boolean isFresh(Instant checkedAt) {
        return clock.instant().isBefore(checkedAt.plus(properties.refresh()));
    }

    private interface Work<T> {
        T get() throws TimeoutException;
    }

    private static <T> T wait(String name, Work<T> work) {
        try {
            return work.get();
        } catch (TimeoutException e) {
            throw new UpstreamException(
                    Failure.SLOW, "The upstream is still answering about " + name + "; ask again in a moment", e);
        }
    }
}
