package io.orrery.registry.lfs;

import io.orrery.api.hub.SignedUpload;
import io.orrery.registry.blob.BlobStore;
import io.orrery.registry.blob.BrokenUploadException;
import io.orrery.registry.blob.ContentMismatchException;
import io.orrery.registry.blob.Contents;
import io.orrery.registry.blob.InsufficientSpaceException;
import io.orrery.registry.blob.PartialContentException;
import io.orrery.registry.blob.PartialContents;
import io.orrery.registry.blob.StagedBlob;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Receives contents at signed addresses, whole or in parts. */
@Component
class UploadRoutes implements HubRoutes {
    private record Completion(@Nullable List<Part> parts) {
        private record Part(int partNumber, @Nullable String etag) {}
    }

    @FunctionalInterface
    private interface Receiver {
        ServerResponse receive() throws IOException;
    }

    private final LfsObjects objects;
    private final Contents contents;
    private final PartialContents partial;
    private final UploadTokens tokens;

    UploadRoutes(LfsObjects objects, Contents contents, PartialContents partial, UploadTokens tokens) {
        this.objects = objects;
        this.contents = contents;
        this.partial = partial;
        this.tokens = tokens;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                HubRoute.signed(HttpMethod.PUT, "/lfs/objects/{oid}", this::put),
                HubRoute.signed(HttpMethod.POST, "/lfs/objects/{oid}", this::complete));
    }

    private UploadTokens.Grant grant(HubCall call) {
        String token = call.query(SignedUpload.TOKEN)
                .orElseThrow(() -> HubProblem.forbidden("Forbidden: this address lacks its signature"));
        return tokens.verify(token, call.rest().getFirst());
    }

    private ServerResponse put(HubCall call) throws IOException {
        UploadTokens.Grant grant = grant(call);
        return refusing(() ->
                grant.parts().isPresent() ? part(call, grant, grant.parts().get()) : whole(call, grant));
    }

    private ServerResponse whole(HubCall call, UploadTokens.Grant grant) throws IOException {
        try (StagedBlob staged = contents.stage(call.bodyStream(), expected(grant))) {
            keep(staged, grant);
        }
        return ServerResponse.ok().build();
    }

    private ServerResponse part(HubCall call, UploadTokens.Grant grant, UploadTokens.Parts parts) throws IOException {
        long count = Math.ceilDiv(grant.size(), parts.partSize());
        int number = call.query(SignedUpload.PART)
                .filter(text -> text.matches("\\d{1,5}"))
                .map(Integer::parseInt)
                .filter(part -> part >= 1 && part <= count)
                .orElseThrow(() -> HubProblem.badRequest("The address must name a part from 1 to " + count));
        long from = (number - 1) * parts.partSize();
        PartialContents.Part place = new PartialContents.Part(from, Math.min(parts.partSize(), grant.size() - from));
        String checksum = partial.write(parts.upload(), expected(grant), place, call.bodyStream());
        return ServerResponse.ok().header("ETag", '"' + checksum + '"').build();
    }

    private ServerResponse complete(HubCall call) throws IOException {
        UploadTokens.Grant grant = grant(call);
        UploadTokens.Parts parts = grant.parts()
                .orElseThrow(() -> HubProblem.badRequest("This upload has no parts; put the content to this address"));
        requireAll(call.body(Completion.class), Math.ceilDiv(grant.size(), parts.partSize()));
        return refusing(() -> {
            if (isKept(grant)) {
                return ServerResponse.ok().build(); // a repeated request, of which the first was answered to nobody
            }
            try (StagedBlob staged = partial.finish(parts.upload(), expected(grant))) {
                keep(staged, grant);
            }
            return ServerResponse.ok().build();
        });
    }

    private static void requireAll(Completion completion, long count) {
        List<Integer> named = completion.parts() == null
                ? List.of()
                : completion.parts().stream()
                        .map(Completion.Part::partNumber)
                        .sorted()
                        .distinct()
                        .toList();
        for (int number = 1; number <= count; number++) {
            if (named.size() < number || named.get(number - 1) != number) {
                throw HubProblem.badRequest("The upload has " + count + " parts, but part " + number + " is not named");
            }
        }
        if (named.size() > count) {
            throw HubProblem.badRequest("The upload has " + count + " parts, but " + named.size() + " are named");
        }
    }

    private boolean isKept(UploadTokens.Grant grant) throws IOException {
        return objects.isGiven(grant.repoId(), grant.sha256()) && contents.has(grant.sha256());
    }

    private void keep(StagedBlob staged, UploadTokens.Grant grant) throws IOException {
        contents.publish(List.of(staged));
        if (!objects.add(grant.repoId(), grant.sha256(), grant.size(), grant.caller())) {
            throw HubProblem.repoNotFound();
        }
    }

    private static BlobStore.Expected expected(UploadTokens.Grant grant) {
        return new BlobStore.Expected(
                "the object " + grant.sha256().hex(), Optional.of(grant.sha256()), OptionalLong.of(grant.size()));
    }

    private static ServerResponse refusing(Receiver receiver) throws IOException {
        try {
            return receiver.receive();
        } catch (ContentMismatchException e) {
            throw HubProblem.of(422, String.valueOf(e.getMessage()));
        } catch (BrokenUploadException e) {
            throw HubProblem.badRequest(String.valueOf(e.getMessage()));
        } catch (InsufficientSpaceException e) {
            throw HubProblem.insufficientStorage(String.valueOf(e.getMessage()));
        } catch (PartialContentException e) {
            throw HubProblem.of(e.isBusy() ? 503 : 404, String.valueOf(e.getMessage()));
        }
    }
}
