package io.orrery.registry.lfs;

import io.orrery.api.hub.LfsBatchAnswer;
import io.orrery.api.hub.LfsBatchAnswer.Action;
import io.orrery.api.hub.LfsBatchAnswer.Actions;
import io.orrery.api.hub.LfsBatchAnswer.Failure;
import io.orrery.api.hub.LfsBatchAnswer.Item;
import io.orrery.api.hub.LfsBatchRequest;
import io.orrery.api.hub.LfsBatchRequest.LfsObject;
import io.orrery.api.hub.SignedUpload;
import io.orrery.registry.blob.BlobStore;
import io.orrery.registry.blob.BrokenUploadException;
import io.orrery.registry.blob.ContentMismatchException;
import io.orrery.registry.blob.Contents;
import io.orrery.registry.blob.InsufficientSpaceException;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.blob.StagedBlob;
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
import java.util.OptionalLong;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Says where contents go, receives them, and confirms that they are there. */
@Component
class LfsRoutes implements HubRoutes {
    private static final MediaType LFS_JSON = MediaType.parseMediaType("application/vnd.git-lfs+json");
    private static final int MAX_OBJECTS = 1000;

    private final Repos repos;
    private final LfsObjects objects;
    private final Contents contents;
    private final UploadTokens tokens;
    private final ContentAccess access;
    private final List<UploadTransfer> transfers;

    LfsRoutes(
            Repos repos,
            LfsObjects objects,
            Contents contents,
            UploadTokens tokens,
            ContentAccess access,
            List<UploadTransfer> transfers) {
        this.repos = repos;
        this.objects = objects;
        this.contents = contents;
        this.tokens = tokens;
        this.access = access;
        this.transfers = transfers;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                HubRoute.write(HttpMethod.POST, "/{repo}.git/info/lfs/objects/batch", this::batch),
                HubRoute.write(HttpMethod.POST, "/{repo}.git/info/lfs/objects/verify", this::verify),
                HubRoute.signed(HttpMethod.PUT, "/lfs/objects/{oid}", this::put));
    }

    private ServerResponse batch(HubCall call) throws IOException {
        Repo repo = repos.get(call.type(), call.repo(), call.caller());
        LfsBatchRequest request = call.body(LfsBatchRequest.class);
        if (request.operation().equals("download")) {
            access.require(repo, call.caller());
        } else {
            Repos.requireWriter(repo.requireOurs(), call.caller());
        }
        if (request.objects().size() > MAX_OBJECTS) {
            throw HubProblem.of(413, "A batch has at most " + MAX_OBJECTS + " objects");
        }
        Optional<UploadTransfer> transfer = preferred(request);
        List<Item> items = new ArrayList<>();
        long announced = 0;
        for (LfsObject object : request.objects()) {
            if (!Sha256.isHex(object.oid()) || object.size() < 0) {
                items.add(failure(object, 422, "'" + object.oid() + "' is not a sha256 with a size"));
            } else if (request.operation().equals("download")) {
                items.add(download(call, repo, object));
            } else {
                Item item = upload(call, repo, object, announced, transfer);
                announced += item.actions() == null ? 0 : object.size();
                items.add(item);
            }
        }
        return ServerResponse.ok()
                .contentType(LFS_JSON)
                .body(new LfsBatchAnswer(transfer.map(UploadTransfer::name).orElse(LfsBatchAnswer.BASIC), items));
    }

    /** What an uploader offers and this registry has beside putting contents whole. */
    private Optional<UploadTransfer> preferred(LfsBatchRequest request) {
        List<String> offered = request.transfers() == null ? List.of() : request.transfers();
        return transfers.stream()
                .filter(transfer -> request.operation().equals("upload") && offered.contains(transfer.name()))
                .findFirst();
    }

    private Item upload(HubCall call, Repo repo, LfsObject object, long before, Optional<UploadTransfer> transfer)
            throws IOException {
        Sha256 sha256 = new Sha256(object.oid());
        if (isStored(repo, sha256)) {
            contents.touch(List.of(sha256));
            return new Item(object.oid(), object.size(), null, null, null);
        }
        try {
            contents.requireRoom("the object " + object.oid(), before + object.size());
        } catch (InsufficientSpaceException e) {
            return failure(object, 507, Optional.ofNullable(e.getMessage()).orElse("No space left"));
        }
        if (transfer.isPresent()) {
            Action begin = transfer.get().upload(call, repo);
            return new Item(object.oid(), object.size(), true, new Actions(begin, null, null), null);
        }
        String token = tokens.sign(new UploadTokens.Grant(
                repo.id(), sha256, object.size(), call.caller().name()));
        Action put = new Action(
                call.baseUrl().path(SignedUpload.PREFIX + object.oid() + "?" + SignedUpload.TOKEN + "=" + token),
                Map.of(),
                UploadTokens.VALIDITY.toSeconds());
        Action verify = new Action(
                call.baseUrl().path("/" + repo.type().filePrefix() + repo.name() + ".git/info/lfs/objects/verify"),
                Map.of(),
                null);
        return new Item(object.oid(), object.size(), true, new Actions(put, verify, null), null);
    }

    private Item download(HubCall call, Repo repo, LfsObject object) {
        return failure(
                object,
                501,
                "Download " + object.oid() + " by its path: " + call.baseUrl().repository(repo.type(), repo.name())
                        + "/resolve/...");
    }

    private static Item failure(LfsObject object, int code, String message) {
        return new Item(object.oid(), object.size(), null, null, new Failure(code, message));
    }

    private boolean isStored(Repo repo, Sha256 sha256) throws IOException {
        return objects.sizes(repo, List.of(sha256)).containsKey(sha256) && contents.has(sha256);
    }

    private ServerResponse put(HubCall call) throws IOException {
        String token = call.query(SignedUpload.TOKEN)
                .orElseThrow(() -> HubProblem.forbidden("Forbidden: this address lacks its signature"));
        UploadTokens.Grant grant = tokens.verify(token, call.rest().getFirst());
        BlobStore.Expected expected = new BlobStore.Expected(
                "the object " + grant.sha256().hex(), Optional.of(grant.sha256()), OptionalLong.of(grant.size()));
        try (StagedBlob staged = contents.stage(call.bodyStream(), expected)) {
            contents.publish(List.of(staged));
        } catch (ContentMismatchException e) {
            throw HubProblem.of(422, String.valueOf(e.getMessage()));
        } catch (BrokenUploadException e) {
            throw HubProblem.badRequest(String.valueOf(e.getMessage()));
        } catch (InsufficientSpaceException e) {
            throw HubProblem.insufficientStorage(String.valueOf(e.getMessage()));
        }
        if (!objects.add(grant.repoId(), Map.of(grant.sha256(), grant.size()), grant.caller())) {
            throw HubProblem.repoNotFound();
        }
        return ServerResponse.ok().build();
    }

    private ServerResponse verify(HubCall call) throws IOException {
        Repo repo = repos.get(call.type(), call.repo(), call.caller());
        LfsObject object = call.body(LfsObject.class);
        if (!Sha256.isHex(object.oid()) || !isStored(repo, new Sha256(object.oid()))) {
            throw HubProblem.of(404, "The object " + object.oid() + " was not uploaded to " + repo.name());
        }
        long size = objects.sizes(repo, List.of(new Sha256(object.oid()))).values().stream()
                .findFirst()
                .orElse(-1L);
        if (size != object.size()) {
            throw HubProblem.of(422, "The object " + object.oid() + " has " + size + " bytes, not " + object.size());
        }
        return ServerResponse.ok().build();
    }
}
