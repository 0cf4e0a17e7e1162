package io.orrery.registry.mirror;

import io.orrery.api.identity.Scope;
import io.orrery.registry.mirror.Pins.Pin;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Repos;
import io.orrery.registry.repository.Revisions;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Lets administrators pin revisions of mirrored repositories, and whoever sees these read which are. */
@Component
class PinRoutes implements HubRoutes {
    private static final String PINS = "/api/mirror/pins";

    private record Wanted(
            @Nullable String type,
            @Nullable String repo,
            @Nullable String revision) {}

    private record Entry(String type, String repo, String revision, String commit, String pinnedBy, Instant pinnedAt) {
        static Entry of(Pin pin) {
            return new Entry(
                    pin.type().value(), pin.repo(), pin.revision(), pin.commit(), pin.pinnedBy(), pin.pinnedAt());
        }
    }

    private final Repos repos;
    private final Revisions revisions;
    private final Pins pins;

    PinRoutes(Repos repos, Revisions revisions, Pins pins) {
        this.repos = repos;
        this.revisions = revisions;
        this.pins = pins;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                HubRoute.read(HttpMethod.GET, PINS, this::list),
                new HubRoute(HttpMethod.POST, PINS, Optional.of(Scope.ADMIN), this::pin),
                new HubRoute(HttpMethod.DELETE, PINS, Optional.of(Scope.ADMIN), this::unpin));
    }

    private ServerResponse list(HubCall call) {
        List<Pin> all = pins.all();
        Map<Long, Repo> visible = repos
                .byIds(all.stream().map(Pin::repoId).distinct().toList())
                .stream()
                .filter(repo -> Repos.isVisible(repo, call.caller()))
                .collect(Collectors.toMap(Repo::id, Function.identity()));
        return ServerResponse.ok()
                .body(all.stream()
                        .filter(pin -> visible.containsKey(pin.repoId()))
                        .map(Entry::of)
                        .toList());
    }

    private ServerResponse pin(HubCall call) {
        Wanted wanted = call.body(Wanted.class);
        Repo repo = repo(wanted, call);
        String revision = revision(wanted);
        return ServerResponse.ok()
                .body(Entry.of(pins.pin(
                        repo,
                        revision,
                        revisions.resolve(repo, revision),
                        call.caller().name())));
    }

    private ServerResponse unpin(HubCall call) {
        Wanted wanted = call.body(Wanted.class);
        Repo repo = repo(wanted, call);
        if (!pins.unpin(repo, revision(wanted), call.caller().name())) {
            throw HubProblem.of(404, repo.name() + " is not pinned at " + revision(wanted));
        }
        return ServerResponse.ok().body(Map.of());
    }

    private Repo repo(Wanted wanted, HubCall call) {
        Repo repo = repos.get(MirroredRepo.type(wanted.type()), MirroredRepo.name(wanted.repo()), call.caller());
        if (!repo.mirrored()) {
            throw HubProblem.badRequest(repo.name() + " is a repository of this hub, which moves when somebody commits"
                    + " to it; only what is mirrored can be pinned");
        }
        return repo;
    }

    private static String revision(Wanted wanted) {
        return Optional.ofNullable(wanted.revision())
                .filter(text -> !text.isBlank())
                .orElse("main");
    }
}
