package io.orrery.registry.inspection;

import io.orrery.api.hub.RepoInfo.Ancestor;
import io.orrery.api.hub.RepoInfo.Finding;
import io.orrery.api.hub.RepoType;
import io.orrery.registry.blob.Contents;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.GitBlob;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.RepoEvent;
import io.orrery.registry.repository.TreeItem;
import io.orrery.registry.repository.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** Puts together what the files of a commit say, in the transaction that makes the commit. */
@Component
class FactsCollector {
    /** Beside those of the root folder. */
    private static final int MOST_NESTED = 5_000;

    private final Trees trees;
    private final Contents contents;
    private final ContentInspection inspection;
    private final Facts facts;
    private final ApplicationEventPublisher events;
    private final JsonMapper json;

    FactsCollector(
            Trees trees,
            Contents contents,
            ContentInspection inspection,
            Facts facts,
            ApplicationEventPublisher events,
            JsonMapper json) {
        this.trees = trees;
        this.contents = contents;
        this.inspection = inspection;
        this.facts = facts;
        this.events = events;
        this.json = json;
    }

    @EventListener
    @Transactional(propagation = Propagation.MANDATORY)
    void collect(RepoEvent.Committed event) {
        collect(event.repo(), event.commit());
    }

    /** Looks at a commit, new or again. */
    @Transactional
    void collect(Repo repo, Commit commit) {
        List<Finding> findings = new ArrayList<>();
        CommitFiles files = new CommitFiles(files(repo, commit), contents, json, findings::add);
        CommitFacts found = new CommitReading(repo.type(), files, headers(files, findings), findings).facts();
        facts.save(repo.id(), commit.oid(), found);
        List<Ancestor> lineage = found.details().lineage();
        events.publishEvent(new CommitInspected(repo, commit, lineage, files.files()));
    }

    private SortedMap<String, GitBlob> files(Repo repo, Commit commit) {
        SortedMap<String, GitBlob> files = new TreeMap<>();
        add(files, trees.list(commit, "", new Trees.Page(false, "", Integer.MAX_VALUE)));
        if (repo.type() == RepoType.MODEL) {
            add(files, trees.list(commit, "", new Trees.Page(true, "", MOST_NESTED)));
        }
        return files;
    }

    private static void add(SortedMap<String, GitBlob> files, List<TreeItem> items) {
        items.forEach(item -> item.blob().ifPresent(blob -> files.put(item.path(), blob)));
    }

    private SortedMap<String, ContentFacts> headers(CommitFiles files, List<Finding> findings) {
        SortedMap<String, ContentFacts> read = new TreeMap<>();
        inspection.results(files.files()).forEach((path, result) -> {
            switch (result) {
                case ContentInspection.Result.Read good -> read.put(path, good.facts());
                case ContentInspection.Result.Broken broken -> findings.add(new Finding(path, broken.finding()));
            }
        });
        return read;
    }
}
