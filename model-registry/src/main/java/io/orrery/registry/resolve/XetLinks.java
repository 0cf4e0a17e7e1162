package io.orrery.registry.resolve;

import io.orrery.registry.repository.GitBlob;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.wire.BaseUrl;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubHeaders;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * How a client that speaks Xet fetches a content in parts.
 *
 * @param authUrl where it gets its token
 */
record XetLinks(String hash, String authUrl, String reconstructionUrl) {
    private static final String FILE_INFO = "application/vnd.xet-fileinfo+json";

    static XetLinks of(BaseUrl base, Repo repo, String commit, String hash) {
        String api = "/api/" + repo.type().plural() + "/" + repo.name();
        return new XetLinks(
                hash, base.path(api + "/xet-read-token/" + commit), base.path("/cas/v1/reconstructions/" + hash));
    }

    /** Of a client that would rather know these than the bytes. */
    boolean areAskedFor(HubCall call) {
        return !call.isHead()
                && call.header(HttpHeaders.ACCEPT)
                        .filter(accept -> accept.contains(FILE_INFO))
                        .isPresent();
    }

    void addTo(ServerResponse.HeadersBuilder<?> answer) {
        answer.header("X-Xet-Hash", hash)
                .header(
                        HttpHeaders.LINK,
                        "<" + authUrl + ">; rel=\"xet-auth\", <" + reconstructionUrl
                                + ">; rel=\"xet-reconstruction-info\"");
    }

    /** The links in place of the content. */
    ServerResponse answer(String commit, GitBlob blob) {
        String etag = '"' + blob.contentId() + '"';
        ServerResponse.BodyBuilder answer = ServerResponse.ok()
                .header(HubHeaders.REPO_COMMIT, commit)
                .header(HttpHeaders.ETAG, etag)
                .header(HubHeaders.LINKED_ETAG, etag)
                .header(HubHeaders.LINKED_SIZE, Long.toString(blob.size()))
                .contentType(MediaType.parseMediaType(FILE_INFO));
        addTo(answer);
        return answer.body(Map.of(
                "hash", hash,
                "size", blob.size(),
                "etag", blob.contentId(),
                "refreshUrl", authUrl,
                "reconstructionUrl", reconstructionUrl));
    }
}
