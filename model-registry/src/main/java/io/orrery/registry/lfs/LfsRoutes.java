package io.orrery.registry.lfs;

import io.orrery.api.hub.LfsBatchAnswer;
import io.orrery.api.hub.LfsBatchAnswer.Action;
import io.orrery.api.hub.LfsBatchAnswer.Actions;
import io.orrery.api.hub.LfsBatchAnswer.Failure;
import io.orrery.api.hub.LfsBatchAnswer.Item;
import io.orrery.api.hub.LfsBatchRequest;
import io.orrery.api.hub.LfsBatchRequest.LfsObject;
import io.orrery.api.hub.SignedUpload;
import io.orrery.api.identity.Scope;
import io.orrery.registry.blob.Contents;
import io.orrery.registry.blob.InsufficientSpaceException;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.discussion.Proposals;
import io.orrery.registry.quota.Quotas;
import io.orrery.registry.repository.ContentAccess;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Repos;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Says where contents go and come from, and confirms that they are there. */
@Component
class LfsRoutes implements HubRoutes {
    private static final MediaType LFS_JSON = MediaType.parseMediaType("application/vnd.git-lfs+json");
    private static final int MAX_OBJECTS = 1000;

    private final Repos repos;
    private final LfsObjects objects;
    private final Contents contents;
    private final UploadWays uploads;
    private final DownloadTokens downloads;
    private final ContentAccess access;
    private final Proposals proposals;
    private final Quotas quotas;

    LfsRoutes(
            Repos repos,
            LfsObjects objects,
            Contents contents,
            UploadWays uploads,
            DownloadTokens downloads,
            ContentAccess access,
            Proposals proposals,
            Quotas quotas) {
        this.repos = repos;
        this.objects = objects;
        this.contents = contents;
        this.uploads = uploads;
        this.downloads = downloads;
        this.access = access;
        this.proposals = proposals;
        this.quotas = quotas;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                HubRoute.query("/{repo}.git/info/lfs/objects/batch", this::batch),
                HubRoute.read(HttpMethod.POST, "/{repo}.git/info/lfs/objects/verify", this::verify));
    }

    private ServerResponse batch(HubCall call) throws IOException {
        Repo repo = repos.get(call.type(), call.repo(), call.caller());
        LfsBatchRequest request = call.body(LfsBatchRequest.class);
        boolean isDownload = request.operation().equals("download");
        if (isDownload) {
            access.require(repo, call.caller());
        } else {
            requireUploader(repo, request, call);
        }
        if (request.objects().size() > MAX_OBJECTS) {
            throw HubProblem.of(413, "A batch has at most " + MAX_OBJECTS + " objects");
        }
        if (!isDownload) {
            quotas.admitUploads(repo, announced(request));
            objects.touch(repo, named(request));
            contents.touch(named(request));
        }
        Map<Sha256, Long> given = objects.sizes(repo, named(request));
        UploadWays.Batch ways = uploads.batch(call, repo, request);
        List<Item> items = new ArrayList<>();
        long announced = 0;
        for (LfsObject object : request.objects()) {
            if (!Sha256.isHex(object.oid()) || object.size() < 0) {
                items.add(failure(object, 422, "'" + object.oid() + "' is not a sha256 with a size"));
                continue;
            }
            boolean isThere = given.containsKey(new Sha256(object.oid())) && contents.has(new Sha256(object.oid()));
            Item item = isDownload ? download(call, object, isThere) : upload(ways, object, isThere, announced);
            announced += item.actions() == null ? 0 : object.size();
            items.add(item);
        }
        return ServerResponse.ok()
                .contentType(LFS_JSON)
                .body(new LfsBatchAnswer(isDownload ? LfsBatchAnswer.BASIC : ways.name(), items));
    }

    /** Clients that propose commits, and only those, name no branch. */
    private void requireUploader(Repo repo, LfsBatchRequest request, HubCall call) {
        if (request.ref() == null) {
            Repos.requireContributor(repo, call.caller());
        } else {
            proposals.requireCommitter(repo.requireOurs(), request.ref().name(), call.caller());
        }
        if (!call.caller().mayWrite()) {
            throw HubProblem.forbidden("Forbidden: this needs the scope " + Scope.MODELS_WRITE.value());
        }
    }

    private static List<Sha256> named(LfsBatchRequest request) {
        return request.objects().stream()
                .map(LfsObject::oid)
                .filter(Sha256::isHex)
                .map(Sha256::new)
                .toList();
    }

    private static Map<Sha256, Long> announced(LfsBatchRequest request) {
        return request.objects().stream()
                .filter(object -> Sha256.isHex(object.oid()) && object.size() >= 0)
                .collect(Collectors.toMap(
                        object -> new Sha256(object.oid()), LfsObject::size, (size, other) -> Math.max(size, other)));
    }

    private Item upload(UploadWays.Batch ways, LfsObject object, boolean isThere, long before) throws IOException {
        if (isThere) {
            return new Item(object.oid(), object.size(), null, null, null);
        }
        try {
            contents.requireRoom("the object " + object.oid(), before + object.size());
        } catch (InsufficientSpaceException e) {
            return failure(object, 507, Optional.ofNullable(e.getMessage()).orElse("No space left"));
        }
        return new Item(object.oid(), object.size(), true, ways.actions(object), null);
    }

    /** Only git-lfs asks for these; others fetch a file by its path. */
    private Item download(HubCall call, LfsObject object, boolean isThere) {
        if (!isThere) {
            return failure(object, 404, "The object " + object.oid() + " is not in this repository");
        }
        String token = downloads.sign(new Sha256(object.oid()), call.caller().name());
        Action get = new Action(
                call.baseUrl().path(SignedUpload.PREFIX + object.oid() + "?" + SignedUpload.TOKEN + "=" + token),
                Map.of(),
                UploadTokens.VALIDITY.toSeconds());
        return new Item(object.oid(), object.size(), true, new Actions(null, null, get), null);
    }

    private static Item failure(LfsObject object, int code, String message) {
        return new Item(object.oid(), object.size(), null, null, new Failure(code, message));
    }

    private ServerResponse verify(HubCall call) throws IOException {
        Repo repo = repos.get(call.type(), call.repo(), call.caller());
        LfsObject object = call.body(LfsObject.class);
        Long size = Sha256.isHex(object.oid())
                ? objects.sizes(repo, List.of(new Sha256(object.oid()))).get(new Sha256(object.oid()))
                : null;
        if (size == null || !contents.has(new Sha256(object.oid()))) {
            throw HubProblem.of(404, "The object " + object.oid() + " was not uploaded to " + repo.name());
        }
        if (size != object.size()) {
            throw HubProblem.of(422, "The object " + object.oid() + " has " + size + " bytes, not " + object.size());
        }
        return ServerResponse.ok().build();
    }
}
