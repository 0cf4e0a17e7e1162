package io.orrery.registry.repository;

import io.orrery.api.hub.CreateRepoRequest;
import io.orrery.api.hub.RepoType;
import io.orrery.registry.wire.Caller;
import io.orrery.registry.wire.HubProblem;
import java.io.IOException;
import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Repositories that get what is made here: those that are there, and those that are made for it. */
@Service
public class Destinations {
    private final Repos repos;
    private final FirstFiles firstFiles;

    Destinations(Repos repos, FirstFiles firstFiles) {
        this.repos = repos;
        this.firstFiles = firstFiles;
    }

    /** The repository of this name; empty where the caller may make it. @throws HubProblem where he may neither write to it nor make it */
    public Optional<Repo> find(RepoType type, RepoName name, Caller caller) {
        Optional<Repo> there = repos.find(type, name.value());
        if (there.isEmpty()) {
            repos.requireNamespace(name, caller);
            return there;
        }
        Repo repo = there.filter(found -> Repos.isVisible(found, caller)).orElseThrow(HubProblem::repoNotFound);
        if (repo.disabled()) {
            throw HubProblem.disabled();
        }
        Repos.requireWriter(repo.requireOurs(), caller);
        return Optional.of(repo);
    }

    /** Makes a repository that {@link #find} did not find. */
    @Transactional
    public Repo make(RepoType type, RepoName name, boolean isPrivate, Caller owner) throws IOException {
        CreateRepoRequest request = CreateRepoRequest.of(name.value(), null, type, isPrivate);
        return repos.create(
                new NewRepos.Wanted(type, name, isPrivate, "initial commit"), owner, firstFiles.store(type, request));
    }
}
