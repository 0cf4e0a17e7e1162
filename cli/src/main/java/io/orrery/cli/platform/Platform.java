package io.orrery.cli.platform;

import io.orrery.api.hub.Conversion;
import io.orrery.api.hub.ConversionRequest;
import io.orrery.api.hub.ImportEvent;
import io.orrery.api.hub.ImportRequest;
import io.orrery.api.openai.FileObject;
import io.orrery.api.openai.FineTuningEvent;
import io.orrery.api.openai.FineTuningJob;
import io.orrery.api.openai.ListPage;
import io.orrery.hub.HubClient;
import io.orrery.hub.HubTimeouts;
import io.orrery.hub.Progress;
import io.orrery.hub.Retries;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/**
 * A client of a platform's public wires: the Hub's for repositories, OpenAI's for chats, files and jobs. Every method blocks, has a
 * deadline, and throws {@link PlatformException} with a sentence. Thread-safe.
 */
public final class Platform implements AutoCloseable {
    private static final int PAGE = 100;

    private final URI address;
    private final Wire wire;
    private final HubClient hub;

    /** @param key empty for somebody who is not named, whom a hub may still show what is public */
    public Platform(URI address, String key) {
        this.address = address;
        this.wire = new Wire(address, key);
        this.hub = new HubClient(address, () -> key, HubTimeouts.DEFAULT, Retries.PATIENT);
    }

    public URI address() {
        return address;
    }

    /** Its repositories. */
    public HubClient hub() {
        return hub;
    }

    /** Whether it answers at all and takes the key; a platform that is not up is no error here. */
    public boolean answers() {
        try {
            wire.get("/api/whoami-v2", JsonNode.class);
            return true;
        } catch (PlatformException e) {
            if (e.status() == 0) {
                return false;
            }
            throw e;
        }
    }

    /** Has the registry take in a cache of its machine, and hears of it while it happens. */
    public void takeIn(ImportRequest request, Consumer<ImportEvent> events) {
        wire.lines("/api/import", request, ImportEvent.class, events);
    }

    /** The answer to {@code POST /v1/chat/completions}, whole. */
    public JsonNode chat(Map<String, Object> request) {
        return wire.post("/v1/chat/completions", request, JsonNode.class);
    }

    /** The answer to {@code POST /v1/completions}, whole. */
    public JsonNode complete(Map<String, Object> request) {
        return wire.post("/v1/completions", request, JsonNode.class);
    }

    /**
     * The answer to a chat, piece by piece.
     *
     * @param request without {@code stream}
     * @param chunks gets each {@code chat.completion.chunk} as it comes, on the caller's thread
     */
    public void streamChat(Map<String, Object> request, Consumer<JsonNode> chunks) {
        wire.stream("/v1/chat/completions", request, chunks);
    }

    /** Uploads a file; its bytes are streamed from the disk. */
    public FileObject upload(Path file, String purpose, Progress progress) {
        return wire.upload("/v1/files", file, Map.of("purpose", purpose), progress);
    }

    /** @param request the body of {@code POST /v1/fine_tuning/jobs} */
    public FineTuningJob submit(Map<String, Object> request) {
        return wire.post("/v1/fine_tuning/jobs", request, FineTuningJob.class);
    }

    public FineTuningJob job(String id) {
        return wire.get("/v1/fine_tuning/jobs/" + encode(id), FineTuningJob.class);
    }

    public FineTuningJob cancel(String id) {
        return wire.post("/v1/fine_tuning/jobs/" + encode(id) + "/cancel", Map.of(), FineTuningJob.class);
    }

    /** Asks for a model in another form. */
    public Conversion convert(ConversionRequest request) {
        return wire.post("/api/conversions", request, Conversion.class);
    }

    public Conversion conversion(String id) {
        return wire.get("/api/conversions/" + encode(id), Conversion.class);
    }

    /** Jobs, the newest first. */
    public List<FineTuningJob> jobs() {
        return pages(
                "/v1/fine_tuning/jobs",
                new TypeReference<ListPage<FineTuningJob>>() {},
                FineTuningJob::id,
                Optional.empty());
    }

    /**
     * What happened to a job, the oldest first.
     *
     * @param known id of an event after which all is new, or nothing for all of them
     */
    public List<FineTuningEvent> events(String job, Optional<String> known) {
        return pages(
                        "/v1/fine_tuning/jobs/" + encode(job) + "/events",
                        new TypeReference<ListPage<FineTuningEvent>>() {},
                        FineTuningEvent::id,
                        known)
                .reversed();
    }

    /** Walks a list that has its newest first, up to an id that is known. */
    private <T> List<T> pages(
            String path, TypeReference<ListPage<T>> type, Function<T, String> id, Optional<String> known) {
        List<T> all = new ArrayList<>();
        String query = "?limit=" + PAGE;
        while (true) {
            ListPage<T> page = wire.get(path + query, type);
            for (T item : page.data()) {
                if (known.isPresent() && known.get().equals(id.apply(item))) {
                    return all;
                }
                all.add(item);
            }
            if (!page.hasMore() || page.data().isEmpty()) {
                return all;
            }
            query = "?limit=" + PAGE + "&after=" + encode(id.apply(page.data().getLast()));
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        hub.close();
        wire.close();
    }
}
