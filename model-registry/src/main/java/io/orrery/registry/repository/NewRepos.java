package io.orrery.registry.repository;

import io.orrery.api.hub.CreatedRepo;
import io.orrery.api.hub.RepoType;
import io.orrery.registry.wire.HubCall;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Makes repositories as clients ask for them, and answers with their addresses, also where one is there already. */
@Component
public class NewRepos {
    /**
     * A repository to be made.
     *
     * @param title of its first commit
     */
    public record Wanted(RepoType type, RepoName name, boolean isPrivate, String title) {}

    /** The files that a repository begins with; they are stored when it is known that it can be made. */
    @FunctionalInterface
    public interface Beginning {
        List<Change> files() throws IOException;
    }

    private final Repos repos;

    NewRepos(Repos repos) {
        this.repos = repos;
    }

    /** @param made is told of the new repository, and not where one was there */
    public ServerResponse make(HubCall call, Wanted wanted, Beginning beginning, Consumer<Repo> made)
            throws IOException {
        repos.requireNamespace(wanted.name(), call.caller());
        Optional<Repo> there = repos.find(wanted.type(), wanted.name().value());
        if (there.isPresent()) {
            return exists(call, there.get());
        }
        try {
            Repo repo = repos.create(wanted, call.caller(), beginning.files());
            made.accept(repo);
            return ServerResponse.ok().body(created(call, repo, null));
        } catch (DataIntegrityViolationException e) {
            return exists(call, repos.find(wanted.type(), wanted.name().value()).orElseThrow(() -> e));
        }
    }

    /** Clients that do not mind read the address from here. */
    private static ServerResponse exists(HubCall call, Repo repo) {
        return ServerResponse.status(409)
                .body(created(
                        call, repo, "You already created this " + repo.type().value() + " repo"));
    }

    private static CreatedRepo created(HubCall call, Repo repo, @Nullable String error) {
        return new CreatedRepo(
                call.baseUrl().repository(repo.type(), repo.name()),
                repo.name(),
                repo.publicId(),
                repo.isPrivate(),
                error);
    }
}
