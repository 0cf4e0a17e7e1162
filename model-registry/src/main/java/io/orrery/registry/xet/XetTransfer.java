package io.orrery.registry.xet;

import io.orrery.api.hub.LfsBatchAnswer;
import io.orrery.api.hub.LfsBatchAnswer.Action;
import io.orrery.registry.lfs.UploadTransfer;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.wire.HubCall;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Sends clients that ask where contents go, and speak Xet, to the routes of Xet. */
@Component
class XetTransfer implements UploadTransfer {
    private final XetTokens tokens;

    XetTransfer(XetTokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public String name() {
        return LfsBatchAnswer.XET;
    }

    @Override
    public Action upload(HubCall call, Repo repo) {
        Instant expiry = tokens.expiry();
        String path = "/api/" + repo.type().plural() + "/" + repo.name() + "/xet-write-token/main";
        Map<String, String> header = Map.of(
                "X-Xet-Cas-Url", XetTokenRoutes.casUrl(call.baseUrl()),
                "X-Xet-Access-Token", tokens.sign(XetTokenRoutes.grant(repo, call.caller(), true), expiry),
                "X-Xet-Token-Expiration", Long.toString(expiry.getEpochSecond()),
                "X-Xet-Session-Id", UUID.randomUUID().toString());
        return new Action(call.baseUrl().path(path), header, XetTokens.VALIDITY.toSeconds());
    }
}
