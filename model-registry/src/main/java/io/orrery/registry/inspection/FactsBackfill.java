package io.orrery.registry.inspection;

import io.orrery.registry.background.Loop;
import io.orrery.registry.background.Signal;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Repos;
import io.orrery.registry.repository.Revisions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/**
 * Looks again at commits that an older version of the collector has seen. Each is a transaction of its own, so that a start goes on where
 * the last process ended. Confined to its loop's thread.
 */
@Component
class FactsBackfill implements Loop.Work {
    private static final Logger LOG = LoggerFactory.getLogger(FactsBackfill.class);
    private static final int BATCH = 200;

    private final Facts facts;
    private final FactsCollector collector;
    private final Repos repos;
    private final Revisions revisions;
    private final Set<Facts.Place> failed = new HashSet<>();

    FactsBackfill(Facts facts, FactsCollector collector, Repos repos, Revisions revisions) {
        this.facts = facts;
        this.collector = collector;
        this.repos = repos;
        this.revisions = revisions;
    }

    @Override
    public boolean once() throws InterruptedException {
        List<Facts.Place> places = facts.outdated(BATCH + failed.size());
        boolean more = false;
        for (Facts.Place place : places) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            more |= !failed.contains(place) && collected(place);
        }
        return more;
    }

    /** A commit that cannot be looked at is left alone until the next start. */
    private boolean collected(Facts.Place place) {
        try {
            Optional<Repo> repo = repos.byId(place.repoId());
            if (repo.isPresent()) {
                Commit commit = revisions.resolve(repo.get(), place.commitOid());
                collector.collect(repo.get(), commit);
            }
            return true;
        } catch (RuntimeException e) {
            failed.add(place);
            LOG.warn("The facts of commit {} could not be collected again: {}", place.commitOid(), e.toString());
            return false;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Threads {
        @Bean
        Loop factsLoop(FactsBackfill backfill) {
            return new Loop(
                    new Loop.Setting("registry-facts", Duration.ofMinutes(1), Duration.ofSeconds(5)),
                    new Signal(),
                    backfill);
        }
    }
}
