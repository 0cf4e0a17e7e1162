package io.orrery.registry.lfs;

import io.orrery.api.hub.RepoType;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.repository.ContentAccess;
import io.orrery.registry.repository.HistoryRewrite;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Repos;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import io.orrery.registry.wire.NextPage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** The large contents of a repository: which it was given, and by whom; those that it is to forget, or to share with another. */
@Component
class LfsFileRoutes implements HubRoutes {
    private static final String LFS_FILES = "/api/{type}/{repo}/lfs-files";
    private static final int PAGE = 1000;

    private record Person(String user, String fullname, String avatarUrl, String type) {}

    private record Entry(
            String fileOid, String oid, String filename, Instant pushedAt, String ref, long size, Person pusher) {}

    private record Deletions(
            @Nullable List<String> sha, @Nullable Boolean rewriteHistory) {}

    private record Batch(@Nullable Deletions deletions) {}

    private record Target(@Nullable String type, @Nullable String name) {}

    private record Named(
            @Nullable String xetHash,
            @Nullable String sha256,
            @Nullable String filename) {}

    private record Copies(@Nullable Target target, @Nullable List<Named> files) {}

    private record Failed(String sha256, String error) {}

    private record Copied(List<Named> success, List<Failed> failed) {}

    private final Repos repos;
    private final LfsObjects objects;
    private final GivenFiles files;
    private final HistoryRewrite history;
    private final ContentAccess access;

    LfsFileRoutes(Repos repos, LfsObjects objects, GivenFiles files, HistoryRewrite history, ContentAccess access) {
        this.repos = repos;
        this.objects = objects;
        this.files = files;
        this.history = history;
        this.access = access;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                HubRoute.read(HttpMethod.GET, LFS_FILES, this::list),
                HubRoute.write(HttpMethod.POST, LFS_FILES, this::change),
                HubRoute.write(HttpMethod.DELETE, LFS_FILES, call -> delete(call, one(call))));
    }

    private ServerResponse list(HubCall call) {
        Repo repo = repos.getWritable(call.type(), call.repo(), call.caller());
        int limit = call.limit(PAGE, PAGE);
        List<GivenFiles.Given> found = files.list(repo, NextPage.position(call), limit + 1);
        List<GivenFiles.Given> page = found.subList(0, Math.min(limit, found.size()));
        ServerResponse.BodyBuilder answer = ServerResponse.ok();
        if (found.size() > limit) {
            answer.header("Link", NextPage.link(call, page.getLast().position()));
        }
        return answer.body(page.stream().map(LfsFileRoutes::entry).toList());
    }

    private static Entry entry(GivenFiles.Given given) {
        String hash = given.sha256().hex();
        return new Entry(
                hash,
                hash,
                given.path(),
                given.at(),
                given.ref(),
                given.size(),
                new Person(given.by(), given.by(), "", "user"));
    }

    private ServerResponse change(HubCall call) {
        return switch (String.join("/", call.rest())) {
            case "batch" -> delete(call, call.body(Batch.class).deletions());
            case "duplicate" -> share(call);
            default -> throw HubProblem.of(404, "No such route: lfs-files is followed by batch or duplicate");
        };
    }

    private static Deletions one(HubCall call) {
        return new Deletions(call.rest(), call.query("rewriteHistory").isEmpty() || call.flag("rewriteHistory"));
    }

    private ServerResponse delete(HubCall call, @Nullable Deletions asked) {
        Repo repo = repos.getWritable(call.type(), call.repo(), call.caller());
        Deletions deletions =
                Optional.ofNullable(asked).orElseThrow(() -> HubProblem.badRequest("The body lacks the deletions"));
        if (Boolean.FALSE.equals(deletions.rewriteHistory())) {
            throw HubProblem.badRequest(
                    "rewriteHistory must be true: a commit whose content is gone could not be read");
        }
        List<Sha256> contents = hashes(Optional.ofNullable(deletions.sha()).orElse(List.of()));
        history.forget(repo, contents, call.caller().name());
        objects.remove(repo, contents);
        return ServerResponse.ok().build();
    }

    private static List<Sha256> hashes(List<String> texts) {
        if (texts.size() > PAGE) {
            throw HubProblem.of(413, "too many parameters: " + texts.size() + " contents, but at most " + PAGE);
        }
        List<Sha256> hashes = new ArrayList<>();
        for (String text : texts) {
            if (!Sha256.isHex(text)) {
                throw HubProblem.badRequest("'" + text + "' is not a sha256 of 64 hex digits");
            }
            hashes.add(new Sha256(text));
        }
        return hashes;
    }

    private ServerResponse share(HubCall call) {
        Repo from = repos.get(call.type(), call.repo(), call.caller());
        access.require(from, call.caller());
        Copies copies = call.body(Copies.class);
        Target target = Optional.ofNullable(copies.target())
                .filter(named -> named.name() != null)
                .orElseThrow(() -> HubProblem.badRequest("The body lacks the target and its name"));
        Repo to = repos.getWritable(
                type(target), Optional.ofNullable(target.name()).orElseThrow(), call.caller());
        List<Named> wanted = Optional.ofNullable(copies.files()).orElse(List.of());
        Map<Sha256, Long> sizes = objects.sizes(
                from,
                hashes(wanted.stream()
                        .flatMap(file -> Stream.ofNullable(file.sha256()))
                        .toList()));
        objects.give(to, new HashMap<>(sizes), call.caller().name());
        return ServerResponse.ok().body(copied(from, wanted, sizes));
    }

    private static Copied copied(Repo from, List<Named> wanted, Map<Sha256, Long> sizes) {
        List<Named> success = new ArrayList<>();
        List<Failed> failed = new ArrayList<>();
        for (Named file : wanted) {
            String hash = Optional.ofNullable(file.sha256()).orElse("");
            if (Sha256.isHex(hash) && sizes.containsKey(new Sha256(hash))) {
                success.add(file);
            } else {
                failed.add(new Failed(hash, "The object was not uploaded to " + from.name()));
            }
        }
        return new Copied(success, failed);
    }

    private static RepoType type(Target target) {
        for (RepoType type : RepoType.values()) {
            if (target.type() == null || type.value().equals(target.type())) {
                return type;
            }
        }
        throw HubProblem.badRequest(
                "The target's type must be model, dataset or space, but is '" + target.type() + "'");
    }
}
