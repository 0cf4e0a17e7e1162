package io.orrery.registry.resolve;

import io.orrery.api.hub.SignedUpload;
import io.orrery.registry.blob.Content;
import io.orrery.registry.blob.Contents;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.lfs.DownloadTokens;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Answers with contents at the addresses that git-lfs was given. */
@Component
class SignedFileRoutes implements HubRoutes {
    private final Contents contents;
    private final DownloadTokens tokens;

    SignedFileRoutes(Contents contents, DownloadTokens tokens) {
        this.contents = contents;
        this.tokens = tokens;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                HubRoute.signed(HttpMethod.GET, "/lfs/objects/{oid}", this::get),
                HubRoute.signed(HttpMethod.HEAD, "/lfs/objects/{oid}", this::get));
    }

    private ServerResponse get(HubCall call) throws IOException {
        String oid = call.rest().getFirst();
        String token = call.query(SignedUpload.TOKEN)
                .filter(there -> Sha256.isHex(oid))
                .orElseThrow(() -> HubProblem.forbidden("Forbidden: this address lacks its signature"));
        tokens.verify(token, new Sha256(oid));
        Content content = contents.find(new Sha256(oid))
                .orElseThrow(() -> HubProblem.of(404, "The object " + oid + " is gone; ask for it again"));
        return new Download(
                        "", oid, oid, content.size(), false, Optional.empty(), new RangedAnswer.Source.Stored(content))
                .answer(call);
    }
}
