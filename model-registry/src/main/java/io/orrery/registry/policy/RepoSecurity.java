package io.orrery.registry.policy;

import io.orrery.api.hub.TreeEntry.SecurityFileStatus;
import io.orrery.registry.catalog.InfoProperty;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.Revisions;
import io.orrery.registry.repository.Trees;
import io.orrery.registry.wire.HubCall;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Shows in infos which files of a repository are not safe. */
@Component
class RepoSecurity implements InfoProperty {
    private static final int MOST_SHOWN = 1000;

    /** As the Hub tells it. */
    record Status(boolean scansDone, List<Issue> filesWithIssues) {}

    record Issue(String path, String level) {}

    private final Revisions revisions;
    private final Trees trees;
    private final PickleSecurity security;

    RepoSecurity(Revisions revisions, Trees trees, PickleSecurity security) {
        this.revisions = revisions;
        this.trees = trees;
        this.security = security;
    }

    @Override
    public String name() {
        return "securityRepoStatus";
    }

    @Override
    public boolean isWanted(HubCall call) {
        return call.flag("securityStatus") || InfoProperty.super.isWanted(call);
    }

    @Override
    public Map<Long, Status> values(HubCall call, List<Subject> subjects) {
        Map<Long, Status> values = new HashMap<>();
        subjects.forEach(subject -> values.put(subject.repo().id(), status(subject)));
        return values;
    }

    private Status status(Subject subject) {
        Commit commit = revisions.resolve(subject.repo(), subject.sha());
        Map<String, SecurityFileStatus> statuses = security.of(trees.files(commit));
        boolean areScansDone =
                statuses.values().stream().noneMatch(status -> status.status().equals(PickleSecurity.QUEUED));
        List<Issue> issues = statuses.entrySet().stream()
                .filter(entry -> isIssue(entry.getValue().status()))
                .limit(MOST_SHOWN)
                .map(entry -> new Issue(entry.getKey(), entry.getValue().status()))
                .toList();
        return new Status(areScansDone, issues);
    }

    private static boolean isIssue(String status) {
        return switch (status) {
            case "caution", "suspicious", "unsafe" -> true;
            default -> false;
        };
    }
}
