package io.orrery.registry.wire;

import io.orrery.api.hub.RepoType;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.servlet.function.ServerRequest;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** A request to a hub: its path taken apart, its query, its body and its caller. */
public final class HubCall {
    /** Bodies that are one JSON value are small; contents and commits are streamed. */
    private static final int MAX_JSON_BYTES = 16 << 20;

    private static final Duration DRAIN = Duration.ofSeconds(30);
    private static final Logger LOG = LoggerFactory.getLogger(HubCall.class);

    private final ServerRequest request;
    private final HubPath path;
    private final JsonMapper json;

    HubCall(ServerRequest request, HubPath path, JsonMapper json) {
        this.request = request;
        this.path = path;
        this.json = json;
    }

    public HttpServletRequest servletRequest() {
        return request.servletRequest();
    }

    public boolean isHead() {
        return request.method().name().equals("HEAD");
    }

    public RepoType type() {
        return path.type();
    }

    /** The repository's id as the caller wrote it. */
    public String repo() {
        return path.repo();
    }

    /** Decoded segments after the route's pattern. */
    public List<String> rest() {
        return path.rest();
    }

    /** The revision, which is the first segment after the pattern; it may hold slashes. */
    public String revision() {
        if (rest().isEmpty() || rest().getFirst().isEmpty()) {
            throw HubProblem.revisionNotFound("");
        }
        return rest().getFirst();
    }

    /** What stands after the revision, joined: a file's path. */
    public String pathAfterRevision() {
        return String.join("/", rest().subList(1, rest().size()));
    }

    /** The address of the same route for a repository of another name, relative to this server. */
    String addressWith(String repo) {
        String prefix = URI.create(baseUrl().value()).getRawPath();
        String query = request.servletRequest().getQueryString();
        return prefix
                + path.withRepo(RouteTable.rawPath(request.servletRequest()), repo)
                + (query == null ? "" : "?" + query);
    }

    public Caller caller() {
        return Caller.of(Objects.requireNonNull(
                SecurityContextHolder.getContext().getAuthentication(),
                "a handler was reached without authentication"));
    }

    public Optional<String> query(String name) {
        return request.param(name).filter(value -> !value.isEmpty());
    }

    /** A flag: {@code true} of today's clients, {@code True} of older ones, {@code 1}. */
    public boolean flag(String name) {
        return query(name)
                .filter(value -> value.equalsIgnoreCase("true") || value.equals("1"))
                .isPresent();
    }

    /** A list: the key repeated, or with brackets. */
    public List<String> list(String name) {
        return Stream.concat(
                        Stream.ofNullable(request.servletRequest().getParameterValues(name)),
                        Stream.ofNullable(request.servletRequest().getParameterValues(name + "[]")))
                .flatMap(Arrays::stream)
                .toList();
    }

    /** A number from 1 to {@code maximum}; more is taken as the maximum. */
    public int limit(int byDefault, int maximum) {
        Optional<String> text = query("limit");
        if (text.isEmpty()) {
            return byDefault;
        }
        try {
            int limit = Integer.parseInt(text.get());
            if (limit < 1) {
                throw HubProblem.badRequest("limit must be at least 1, but is " + limit);
            }
            return Math.min(limit, maximum);
        } catch (NumberFormatException e) {
            throw HubProblem.badRequest("limit must be a number, but is '" + text.get() + "'");
        }
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(request.headers().firstHeader(name));
    }

    public boolean hasFormBody() {
        return header("Content-Type")
                .filter(type -> type.startsWith("application/x-www-form-urlencoded"))
                .isPresent();
    }

    /** Whether there is a body; some clients send none in place of an empty object. */
    public boolean hasBody() {
        return request.servletRequest().getContentLengthLong() > 0
                || header("Transfer-Encoding").isPresent();
    }

    /** The body as JSON, whatever its content type says; a record has every part that is not declared nullable. */
    public <T> T body(Class<T> type) {
        try {
            byte[] bytes = bodyStream().readNBytes(MAX_JSON_BYTES + 1);
            if (bytes.length > MAX_JSON_BYTES) {
                throw HubProblem.of(413, "The body is larger than " + MAX_JSON_BYTES + " bytes");
            }
            @Nullable T value = json.readValue(bytes, type);
            if (value == null) {
                throw HubProblem.badRequest("The body must be a JSON object, but is null");
            }
            RequiredParts.check(value);
            return value;
        } catch (JacksonException e) {
            throw HubProblem.badRequest("The body is not the JSON that this route takes: " + e.getOriginalMessage()
                    + " (line " + (e.getLocation() == null ? 0 : e.getLocation().getLineNr()) + ")");
        } catch (IOException e) {
            throw new UncheckedIOException("the body of " + request.path() + " could not be read", e);
        }
    }

    public InputStream bodyStream() throws IOException {
        return request.servletRequest().getInputStream();
    }

    /** Reads what the client still sends, for a while: one that is cut off while it sends does not read why. */
    void drainBody() {
        Instant deadline = Instant.now().plus(DRAIN);
        byte[] scrap = new byte[1 << 16];
        try {
            InputStream in = bodyStream();
            while (Instant.now().isBefore(deadline) && in.read(scrap) >= 0) {
                continue;
            }
        } catch (IOException e) {
            LOG.debug("The client of {} went away before its answer", request.path(), e);
        }
    }

    /** An address on this server as the caller reaches it. */
    public BaseUrl baseUrl() {
        return BaseUrl.of(request.servletRequest());
    }
}
