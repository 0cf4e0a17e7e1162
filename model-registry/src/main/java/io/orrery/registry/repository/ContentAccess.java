package io.orrery.registry.repository;

import io.orrery.registry.wire.Caller;
import io.orrery.registry.wire.HubProblem;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** Who may read the contents of a repository that he sees. Of a gated one they are for those who were let in, besides those whose it is. */
@Service
public class ContentAccess {
    /** In the place of a user's name: whoever has one. */
    public static final String EVERYBODY = "*";

    private final JdbcClient jdbc;

    ContentAccess(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @throws HubProblem where the caller was not let in */
    public void require(Repo repo, Caller caller) {
        if (!isGranted(repo, caller)) {
            throw HubProblem.gated("Access to " + repo.type().value() + " " + repo.name()
                    + " is restricted and you are not in the authorized list. Visit /"
                    + repo.type().filePrefix() + repo.name() + " to ask for access.");
        }
    }

    public boolean isGranted(Repo repo, Caller caller) {
        return repo.gated().isEmpty() || Repos.mayWrite(repo, caller) || wasLetIn(repo, caller);
    }

    private boolean wasLetIn(Repo repo, Caller caller) {
        return jdbc.sql("select exists(select 1 from access_request where repo_id = :repo and status = 'accepted'"
                        + " and user_name in (:name, :project, :everybody))")
                .param("repo", repo.id())
                .param("name", caller.name())
                .param("everybody", caller.isAnonymous() ? caller.name() : EVERYBODY)
                .param("project", caller.project().orElse(caller.name()))
                .query(Boolean.class)
                .single();
    }
}
