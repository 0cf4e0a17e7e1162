package io.orrery.registry.xet;

import io.orrery.registry.discussion.Proposals;
import io.orrery.registry.repository.ContentAccess;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Repos;
import io.orrery.registry.wire.BaseUrl;
import io.orrery.registry.wire.Caller;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import java.time.Instant;
import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Gives out the tokens with which clients speak Xet; some read them from the body, some from the headers. */
@Component
class XetTokenRoutes implements HubRoutes {
    private record Token(String casUrl, String accessToken, long exp) {}

    private final Repos repos;
    private final Proposals proposals;
    private final ContentAccess access;
    private final XetTokens tokens;

    XetTokenRoutes(Repos repos, Proposals proposals, ContentAccess access, XetTokens tokens) {
        this.repos = repos;
        this.proposals = proposals;
        this.access = access;
        this.tokens = tokens;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                HubRoute.read(HttpMethod.GET, "/api/{type}/{repo}/xet-read-token", call -> answer(call, false)),
                HubRoute.write(HttpMethod.GET, "/api/{type}/{repo}/xet-write-token", call -> answer(call, true)));
    }

    private ServerResponse answer(HubCall call, boolean mayWrite) {
        Repo repo = repos.get(call.type(), call.repo(), call.caller());
        if (mayWrite) {
            requireUploader(repo, call);
        }
        access.require(repo, call.caller());
        Instant expiry = tokens.expiry();
        String token = tokens.sign(grant(repo, call.caller(), mayWrite), expiry);
        String casUrl = casUrl(call.baseUrl());
        return ServerResponse.ok()
                .header("X-Xet-Cas-Url", casUrl)
                .header("X-Xet-Access-Token", token)
                .header("X-Xet-Token-Expiration", Long.toString(expiry.getEpochSecond()))
                .header("Cache-Control", "no-store")
                .body(new Token(casUrl, token, expiry.getEpochSecond()));
    }

    private void requireUploader(Repo repo, HubCall call) {
        if (call.flag("create_pr")) {
            Repos.requireContributor(repo, call.caller());
        } else {
            proposals.requireCommitter(repo.requireOurs(), call.revision(), call.caller());
        }
    }

    static XetGrant grant(Repo repo, Caller caller, boolean mayWrite) {
        return new XetGrant(repo.id(), caller.name(), caller.project(), caller.seesEverything(), mayWrite);
    }

    static String casUrl(BaseUrl base) {
        return base.path("/cas");
    }
}
