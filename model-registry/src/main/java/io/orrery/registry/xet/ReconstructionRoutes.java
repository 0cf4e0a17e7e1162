package io.orrery.registry.xet;

import io.orrery.registry.blob.ReceiverGoneException;
import io.orrery.registry.resolve.ByteRange;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Tells of which parts of which xorbs a content is made, and gives those. Ranges of chunks end before their end, those of bytes at it. */
@Component
class ReconstructionRoutes implements HubRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(ReconstructionRoutes.class);

    private final XetTokens tokens;
    private final XetTables tables;
    private final Compositions compositions;
    private final XorbContents bytes;

    ReconstructionRoutes(XetTokens tokens, XetTables tables, Compositions compositions, XorbContents bytes) {
        this.tokens = tokens;
        this.tables = tables;
        this.compositions = compositions;
        this.bytes = bytes;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                HubRoute.signed(HttpMethod.GET, "/cas/v1/reconstructions", call -> reconstruction(call, this::first)),
                HubRoute.signed(HttpMethod.GET, "/cas/v2/reconstructions", call -> reconstruction(call, this::second)),
                HubRoute.signed(HttpMethod.GET, "/cas/xorb", this::xorb));
    }

    private ServerResponse reconstruction(
            HubCall call, BiFunction<HubCall, Reconstruction, Map<String, Object>> fetches) {
        XetGrant grant = tokens.verify(call.header("Authorization"));
        XetHash hash = CasRoutes.lastHash(call);
        XetFile file = tables.file(hash)
                .filter(found ->
                        !tables.hashes(grant.repoId(), List.of(found.sha256())).isEmpty())
                .orElseThrow(() -> HubProblem.of(404, "No content " + hash.hex() + " is known in this repository"));
        ByteRange range = ByteRange.of(call.header(HttpHeaders.RANGE), file.size());
        if (range instanceof ByteRange.Unsatisfiable
                && call.header(HttpHeaders.RANGE).isPresent()) {
            return ServerResponse.status(416)
                    .header(HttpHeaders.CONTENT_RANGE, "bytes */" + file.size())
                    .build();
        }
        ByteRange.Part part = range instanceof ByteRange.Part asked ? asked : new ByteRange.Part(0, file.size());
        Reconstruction reconstruction =
                Reconstruction.of(compositions.of(file), part.start(), part.start() + part.length());
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("offset_into_first_range", reconstruction.offset());
        answer.put(
                "terms",
                reconstruction.parts().stream().map(ReconstructionRoutes::term).toList());
        answer.putAll(fetches.apply(call, reconstruction));
        return ServerResponse.ok().header("Cache-Control", "no-store").body(answer);
    }

    private static Map<String, Object> term(Reconstruction.Part part) {
        return Map.of(
                "hash", part.xorb().hash().hex(),
                "unpacked_length", part.length(),
                "range", range(part.from(), part.to()));
    }

    private Map<String, Object> first(HubCall call, Reconstruction reconstruction) {
        Map<String, Object> fetches = new LinkedHashMap<>();
        reconstruction
                .fetches()
                .forEach((hash, parts) -> fetches.put(
                        hash.hex(),
                        parts.stream()
                                .map(part -> Map.of(
                                        "range", range(part.from(), part.to()),
                                        "url", address(call, part),
                                        "url_range", range(part.firstByte(), part.lastByte())))
                                .toList()));
        return Map.of("fetch_info", fetches);
    }

    /** An address for each range, so that nobody asks for several at once. */
    private Map<String, Object> second(HubCall call, Reconstruction reconstruction) {
        Map<String, Object> xorbs = new LinkedHashMap<>();
        reconstruction.fetches().forEach((hash, parts) -> {
            List<Object> entries = new ArrayList<>();
            for (Reconstruction.Part part : parts) {
                entries.add(Map.of(
                        "url",
                        address(call, part),
                        "ranges",
                        List.of(Map.of(
                                "chunks", range(part.from(), part.to()),
                                "bytes", range(part.firstByte(), part.lastByte())))));
            }
            xorbs.put(hash.hex(), entries);
        });
        return Map.of("xorbs", xorbs);
    }

    private static Map<String, Long> range(long start, long end) {
        return Map.of("start", start, "end", end);
    }

    /** An address of its own for each part: clients tell parts by them. */
    private String address(HubCall call, Reconstruction.Part part) {
        XetHash hash = part.xorb().hash();
        String token = tokens.signXorb(hash, part.firstByte(), part.lastByte());
        return call.baseUrl().path("/cas/xorb/" + hash.hex() + "?token=" + token);
    }

    private ServerResponse xorb(HubCall call) {
        XetHash hash = CasRoutes.lastHash(call);
        Xorb xorb = tables.xorbs(List.of(hash)).get(hash);
        if (xorb == null) {
            throw HubProblem.forbidden("Forbidden: this address was signed for other bytes");
        }
        long size = xorb.storedBefore(xorb.pieces().size());
        ByteRange range = ByteRange.of(call.header(HttpHeaders.RANGE), size);
        if (range instanceof ByteRange.Unsatisfiable) {
            return ServerResponse.status(416)
                    .header(HttpHeaders.CONTENT_RANGE, "bytes */" + size)
                    .build();
        }
        ByteRange.Part part = range instanceof ByteRange.Part asked ? asked : new ByteRange.Part(0, size);
        tokens.verifyXorb(hash, part, call.query("token").orElse(""));
        ServerResponse.BodyBuilder answer = ServerResponse.status(range instanceof ByteRange.Part ? 206 : 200)
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .header(HttpHeaders.ACCEPT_RANGES, "bytes")
                .contentLength(part.length());
        if (range instanceof ByteRange.Part) {
            answer.header(
                    HttpHeaders.CONTENT_RANGE,
                    "bytes " + part.start() + "-" + (part.start() + part.length() - 1) + "/" + size);
        }
        return answer.build((request, response) -> {
            send(xorb, part, response, request.getRequestURI());
            return null;
        });
    }

    private void send(Xorb xorb, ByteRange.Part part, HttpServletResponse response, String address) throws IOException {
        try {
            bytes.copyStored(xorb, part.start(), part.length(), response.getOutputStream());
        } catch (ReceiverGoneException e) {
            LOG.debug("The reader of {} went away", address, e);
        }
    }
}
