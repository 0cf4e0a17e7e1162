package io.orrery.registry.mirror;

import io.orrery.registry.mirror.Answer.Absent;
import io.orrery.registry.mirror.UpstreamException.Failure;
import io.orrery.registry.repository.Upstream.MirroredFile;
import io.orrery.registry.wire.HubProblem;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.springframework.stereotype.Component;

/** Contents of files at the other hub, from any byte on. */
@Component
class UpstreamFiles {
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18}|\\*)");

    /**
     * Which bytes.
     *
     * @param last empty: to the end
     * @param ifRange entity tag that the earlier ones came with
     */
    record Part(long from, Optional<Long> last, Optional<String> ifRange) {
        static Part from(long from, Optional<String> ifRange) {
            return new Part(from, Optional.empty(), ifRange);
        }
    }

    /** Bytes as they come, the first one being the one that was asked for; to be closed. */
    record Body(InputStream in, Optional<String> etag) {}

    private final UpstreamHttp http;
    private final UpstreamApi api;
    private final StallGuard guard;

    UpstreamFiles(UpstreamHttp http, UpstreamApi api, StallGuard guard) {
        this.http = http;
        this.api = api;
        this.guard = guard;
    }

    /** Throws {@link HubProblem} where the other hub says that it does not give this. */
    Body open(MirroredFile file, Part part) throws IOException {
        Map<String, String> headers = new HashMap<>();
        if (part.from() > 0 || part.last().isPresent()) {
            headers.put(
                    "Range",
                    "bytes=" + part.from() + "-"
                            + part.last().map(Object::toString).orElse(""));
            part.ifRange().ifPresent(etag -> headers.put("If-Range", etag));
        }
        String path = path(file);
        HttpResponse<InputStream> response = http.get(http.address(path), headers, bodyOfSuccess());
        if (response.statusCode() / 100 != 2) {
            throw refusal(file, api.absent(path, response));
        }
        InputStream body = guard.watch(response.body());
        try {
            return new Body(
                    positioned(file, part, response, body),
                    response.headers().firstValue("ETag").filter(etag -> !etag.startsWith("W/")));
        } catch (IOException | RuntimeException e) {
            body.close();
            throw e;
        }
    }

    /** The body of a failure is not read: its headers say all, and the connection is used again. */
    private static BodyHandler<InputStream> bodyOfSuccess() {
        return info -> info.statusCode() / 100 == 2
                ? BodySubscribers.ofInputStream()
                : BodySubscribers.mapping(BodySubscribers.discarding(), nothing -> InputStream.nullInputStream());
    }

    private static String path(MirroredFile file) {
        String encoded = Arrays.stream(file.path().split("/", -1))
                .map(UpstreamApi::encode)
                .collect(Collectors.joining("/"));
        return "/" + file.repo().type().filePrefix() + file.repo().name() + "/resolve/"
                + file.commit().oid() + "/" + encoded;
    }

    /** A hub that ignores ranges begins at the first byte, and so does one that has compressed what it sends. */
    private InputStream positioned(MirroredFile file, Part part, HttpResponse<?> response, InputStream body)
            throws IOException {
        String encoding = response.headers()
                .firstValue("Content-Encoding")
                .orElse("identity")
                .toLowerCase(Locale.ROOT);
        boolean isPart = response.statusCode() == 206;
        InputStream in = switch (encoding) {
            case "identity" -> body;
            case "gzip", "x-gzip" -> new GZIPInputStream(body, 1 << 16);
            default -> throw broken(file, "is sent as " + encoding + ", which this mirror did not ask for");
        };
        if (!isPart) {
            in.skipNBytes(part.from());
            return in;
        }
        Matcher range = CONTENT_RANGE.matcher(
                response.headers().firstValue("Content-Range").orElse(""));
        if (!encoding.equals("identity") || !range.matches() || Long.parseLong(range.group(1)) != part.from()) {
            throw broken(file, "is sent in another part than was asked for");
        }
        return in;
    }

    private UpstreamException broken(MirroredFile file, String what) {
        return new UpstreamException(
                Failure.BROKEN, file.path() + " of " + file.repo().name() + " " + what + " (" + http.hub() + ")");
    }

    private HubProblem refusal(MirroredFile file, Answer<?> answer) {
        Absent<?> absent = (Absent<?>) answer;
        String what = file.path() + " of " + file.repo().name();
        return switch (absent.what()) {
            case GATED ->
                HubProblem.gated("Access to " + file.repo().name() + " is restricted, and this mirror's identity"
                        + " at " + http.hub() + " was not let in: " + absent.sentence());
            case FORBIDDEN -> HubProblem.forbidden(absent.sentence());
            case REPOSITORY, REVISION, ENTRY ->
                HubProblem.of(410, http.hub() + " no longer has " + what + ", and it is not kept here");
        };
    }
}
