package io.orrery.registry.xet;

import io.orrery.registry.blob.BlobStore;
import io.orrery.registry.blob.ContentMismatchException;
import io.orrery.registry.blob.Contents;
import io.orrery.registry.blob.InsufficientSpaceException;
import io.orrery.registry.blob.StagedBlob;
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

/** Takes xorbs and shards, and tells which chunks are here already. Clients decide by the status alone. */
@Component
class CasRoutes implements HubRoutes {
    private static final int MOST_SHARD = 64 << 20;

    private final XetTokens tokens;
    private final XetTables tables;
    private final Contents contents;
    private final XetUploads uploads;

    CasRoutes(XetTokens tokens, XetTables tables, Contents contents, XetUploads uploads) {
        this.tokens = tokens;
        this.tables = tables;
        this.contents = contents;
        this.uploads = uploads;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                HubRoute.signed(HttpMethod.GET, "/cas/v1/chunks", this::chunk),
                HubRoute.signed(HttpMethod.POST, "/cas/v1/xorbs", this::xorb),
                HubRoute.signed(HttpMethod.POST, "/cas/v1/shards", this::shard),
                HubRoute.signed(HttpMethod.POST, "/cas/v2/shards", CasRoutes::missing),
                HubRoute.signed(HttpMethod.GET, "/cas/v2/file-chunk-hashes", CasRoutes::missing),
                HubRoute.signed(HttpMethod.POST, "/cas/v1/telemetry", call -> {
                    tokens.verify(call.header("Authorization"));
                    return ServerResponse.ok().build();
                }));
    }

    /** Clients that hear this do without. */
    private static ServerResponse missing(HubCall call) {
        throw HubProblem.of(404, "No such route: " + call.servletRequest().getRequestURI());
    }

    private ServerResponse chunk(HubCall call) {
        XetGrant grant = tokens.verify(call.header("Authorization"));
        List<XetHash> known = tables.withChunk(lastHash(call), grant);
        contents.touch(tables.contents(known));
        Map<XetHash, Xorb> xorbs = tables.xorbs(known);
        if (xorbs.isEmpty()) {
            throw HubProblem.of(404, "No xorb with the chunk " + lastHash(call).hex() + " is known");
        }
        return ServerResponse.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .body(Shard.describing(new ArrayList<>(xorbs.values())));
    }

    private ServerResponse xorb(HubCall call) throws IOException {
        XetGrant grant = writer(call);
        XetHash hash = lastHash(call);
        if (call.servletRequest().getContentLengthLong() > Xorb.MOST_BYTES) {
            throw HubProblem.of(413, "A xorb has at most " + Xorb.MOST_BYTES + " bytes");
        }
        XorbParser parser = new XorbParser();
        BlobStore.Expected expected =
                new BlobStore.Expected("the xorb " + hash.hex(), Optional.empty(), OptionalLong.empty());
        try (StagedBlob staged = contents.stage(new ParsedStream(call.bodyStream(), parser), expected)) {
            Xorb xorb = new Xorb(hash, new Xorb.Kept.Apart(staged.sha256()), parser.finish());
            XetHash found = Hashing.xorb(xorb.chunks(0, xorb.pieces().size()));
            if (!found.equals(hash)) {
                throw HubProblem.badRequest("The xorb is " + found.hex() + ", not " + hash.hex());
            }
            return ServerResponse.ok().body(Map.of("was_inserted", uploads.keep(xorb, staged, grant)));
        } catch (BrokenXetException | ContentMismatchException e) {
            throw HubProblem.badRequest("The xorb " + hash.hex() + " is broken: " + e.getMessage());
        } catch (InsufficientSpaceException e) {
            throw HubProblem.insufficientStorage(String.valueOf(e.getMessage()));
        }
    }

    private ServerResponse shard(HubCall call) throws IOException {
        XetGrant grant = writer(call);
        byte[] body = call.bodyStream().readNBytes(MOST_SHARD + 1);
        if (body.length > MOST_SHARD) {
            throw HubProblem.of(413, "A shard has at most " + MOST_SHARD + " bytes");
        }
        try {
            for (Shard.FileEntry file : Shard.parse(body).files()) {
                uploads.register(file, grant);
            }
            return ServerResponse.ok().body(Map.of("result", 1));
        } catch (BrokenXetException e) {
            throw HubProblem.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private XetGrant writer(HubCall call) {
        XetGrant grant = tokens.verify(call.header("Authorization"));
        if (!grant.mayWrite()) {
            throw HubProblem.forbidden("Forbidden: this token only reads; ask for one at xet-write-token");
        }
        return grant;
    }

    /** A hash is the last segment of its address; what stands before it is a prefix that has no meaning here. */
    static XetHash lastHash(HubCall call) {
        String text = call.rest().isEmpty() ? "" : call.rest().getLast();
        if (!XetHash.isHex(text)) {
            throw HubProblem.badRequest("'" + text + "' is not a hash of 64 lower-case hex digits");
        }
        return new XetHash(text);
    }
}
