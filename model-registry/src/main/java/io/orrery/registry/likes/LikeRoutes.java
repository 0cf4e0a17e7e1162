package io.orrery.registry.likes;

import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Repos;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import io.orrery.registry.wire.NextPage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Likes, and who and what is liked. */
@Component
class LikeRoutes implements HubRoutes {
    private static final int PAGE = 1000;

    private record Person(String user, String fullname, String avatarUrl, String type) {}

    private record Named(String name, String type) {}

    private record Liked(Instant createdAt, Named repo) {}

    private final Repos repos;
    private final Likes likes;

    LikeRoutes(Repos repos, Likes likes) {
        this.repos = repos;
        this.likes = likes;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                HubRoute.read(HttpMethod.POST, "/api/{type}/{repo}/like", this::like),
                HubRoute.read(HttpMethod.DELETE, "/api/{type}/{repo}/like", this::unlike),
                HubRoute.read(HttpMethod.GET, "/api/{type}/{repo}/likers", this::likers),
                HubRoute.read(HttpMethod.GET, "/api/users/{user}/likes", this::liked));
    }

    private ServerResponse like(HubCall call) {
        likes.add(repo(call), call.caller().name());
        return ServerResponse.ok().build();
    }

    private ServerResponse unlike(HubCall call) {
        likes.remove(repo(call), call.caller().name());
        return ServerResponse.ok().build();
    }

    private Repo repo(HubCall call) {
        return repos.get(call.type(), call.repo(), call.caller());
    }

    private ServerResponse likers(HubCall call) {
        int limit = call.limit(PAGE, PAGE);
        List<Likes.Like> found = likes.of(repo(call), before(call), limit + 1);
        return page(
                call,
                found,
                limit,
                found.stream()
                        .limit(limit)
                        .map(like -> new Person(like.user(), like.user(), "", "user"))
                        .toList());
    }

    /** Of those that the caller may see. */
    private ServerResponse liked(HubCall call) {
        int limit = call.limit(PAGE, PAGE);
        List<Likes.Like> found = likes.by(call.rest().getFirst(), before(call), limit + 1);
        Map<Long, Repo> visible = repos
                .byIds(found.stream().map(Likes.Like::repoId).toList())
                .stream()
                .filter(repo -> Repos.isVisible(repo, call.caller()))
                .collect(Collectors.toMap(Repo::id, Function.identity()));
        List<Liked> shown = found.stream()
                .limit(limit)
                .flatMap(like -> Stream.ofNullable(visible.get(like.repoId())).map(repo -> liked(like, repo)))
                .toList();
        return page(call, found, limit, shown);
    }

    private static Liked liked(Likes.Like like, Repo repo) {
        return new Liked(like.at(), new Named(repo.name(), repo.type().value()));
    }

    private static ServerResponse page(HubCall call, List<Likes.Like> found, int limit, List<?> shown) {
        ServerResponse.BodyBuilder answer = ServerResponse.ok();
        if (found.size() > limit) {
            answer.header(
                    "Link",
                    NextPage.link(call, Long.toString(found.get(limit - 1).id())));
        }
        return answer.body(shown);
    }

    private static long before(HubCall call) {
        String position = NextPage.position(call);
        if (!position.matches("\\d{0,18}")) {
            throw HubProblem.badRequest("The cursor is none of this list");
        }
        return position.isEmpty() ? Long.MAX_VALUE : Long.parseLong(position);
    }
}
