package io.orrery.registry.hubcache;

import io.orrery.api.hub.ImportEvent;
import io.orrery.api.hub.ImportRequest;
import io.orrery.api.identity.Scope;
import io.orrery.registry.mirror.HandedOver;
import io.orrery.registry.repository.Trees;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;
import tools.jackson.databind.json.JsonMapper;

/** Takes in a cache of this machine for an administrator, one at a time, and tells of it while it happens: an event a line. */
@Component
class ImportRoutes implements HubRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(ImportRoutes.class);

    private static final int MOST_STARS = 5;

    private final ImportProperties properties;
    private final CacheImport.Tools tools;
    private final JsonMapper json;
    private final Semaphore running = new Semaphore(1);

    ImportRoutes(ImportProperties properties, HandedOver handedOver, Trees trees, JsonMapper json) {
        this.properties = properties;
        this.tools = new CacheImport.Tools(handedOver, trees);
        this.json = json;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(new HubRoute(HttpMethod.POST, "/api/import", Optional.of(Scope.ADMIN), this::take));
    }

    private ServerResponse take(HubCall call) {
        ImportRequest request = call.body(ImportRequest.class);
        HubCache cache = new HubCache(folder(request));
        CacheImport.Options options = new CacheImport.Options(
                wanted(request),
                Boolean.TRUE.equals(request.dryRun()),
                Boolean.TRUE.equals(request.isPrivate()),
                !Boolean.TRUE.equals(request.copy()));
        if (!running.tryAcquire()) {
            throw HubProblem.conflict("Another cache is being taken in; ask again when it is");
        }
        return ServerResponse.ok().contentType(MediaType.APPLICATION_NDJSON).build((asked, response) -> {
            try {
                run(cache, options, response.getOutputStream());
            } finally {
                running.release();
            }
            return null;
        });
    }

    /** Whoever asked and went away is no reason to go on: the next request does. */
    private void run(HubCache cache, CacheImport.Options options, OutputStream out) throws IOException {
        try {
            new CacheImport(tools, options, event -> send(out, event)).run(cache);
        } catch (IOException | RuntimeException e) {
            if (e instanceof UncheckedIOException) {
                LOG.info("Whoever had {} taken in went away", cache.root());
                throw e;
            }
            LOG.warn("{} was not taken in whole", cache.root(), e);
            send(out, new ImportEvent.Failed(String.valueOf(e.getMessage())));
        }
    }

    private void send(OutputStream out, ImportEvent event) {
        try {
            out.write(json.writerFor(ImportEvent.class).writeValueAsBytes(event));
            out.write('\n');
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the answer broke off", e);
        }
    }

    /** The folder itself, whatever links lead to it, in one of those that may be read. */
    private Path folder(ImportRequest request) {
        if (request.folder() == null || request.folder().isBlank()) {
            throw HubProblem.badRequest("The body lacks the folder to take in");
        }
        try {
            Path asked = Path.of(request.folder());
            if (!asked.isAbsolute()) {
                throw HubProblem.badRequest("folder must be absolute, but is '" + request.folder() + "'");
            }
            for (Path root : properties.roots()) {
                if (isUnder(root, asked)) {
                    Path inner = asked.resolve("hub");
                    return Files.isDirectory(inner) && isUnder(root, inner) ? inner.toRealPath() : asked.toRealPath();
                }
            }
        } catch (InvalidPathException | IOException e) {
            throw HubProblem.badRequest("The registry cannot read the folder '" + request.folder() + "': " + e);
        }
        throw HubProblem.forbidden("Forbidden: the registry takes in "
                + (properties.roots().isEmpty() ? "no folder at all" : "only folders under " + properties.roots())
                + "; orrery.registry.import.roots names those that it may read");
    }

    private static boolean isUnder(Path root, Path asked) throws IOException {
        return Files.isDirectory(root)
                && Files.isDirectory(asked)
                && asked.toRealPath().startsWith(root.toRealPath());
    }

    private static Predicate<String> wanted(ImportRequest request) {
        String glob = request.repo();
        if (glob == null || glob.isEmpty()) {
            return name -> true;
        }
        String[] parts = glob.split("\\*+", -1);
        if (parts.length > MOST_STARS + 1) {
            throw HubProblem.badRequest("repo has more than " + MOST_STARS + " stars");
        }
        Pattern pattern = Pattern.compile(
                Arrays.stream(parts).map(Pattern::quote).collect(Collectors.joining(".*")), Pattern.CASE_INSENSITIVE);
        return name -> pattern.matcher(name).matches();
    }
}
