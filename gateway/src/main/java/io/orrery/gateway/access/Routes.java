package io.orrery.gateway.access;

import static io.orrery.api.identity.Scope.ADMIN;
import static io.orrery.api.identity.Scope.INFERENCE;
import static io.orrery.api.identity.Scope.MODELS_READ;
import static io.orrery.api.identity.Scope.MODELS_WRITE;
import static io.orrery.api.identity.Scope.TUNE_READ;
import static io.orrery.api.identity.Scope.TUNE_WRITE;
import static io.orrery.gateway.access.Destination.ANY_WORKER;
import static io.orrery.gateway.access.Destination.FINETUNE;
import static io.orrery.gateway.access.Destination.HERE;
import static io.orrery.gateway.access.Destination.REGISTRY;
import static io.orrery.gateway.access.Destination.WORKER_FOR_MODEL;

import io.orrery.api.hub.SignedUpload;
import io.orrery.api.identity.Scope;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The table of routes; the first row that fits decides. Repositories have an id of one or two segments, so their routes are told by
 * the marker after it ({@code /resolve/}, {@code .git/info/lfs/}).
 */
public final class Routes {
    private static final Access OPEN = new Access.Open();
    private static final Access SIGNED = new Access.Signed();
    private static final Access ANY_KEY = new Access.AnyKey();
    private static final Access PUBLIC = new Access.Public(MODELS_READ);

    private static final String READ = "GET HEAD";
    private static final String WRITE = "POST PUT PATCH DELETE";
    private static final String REPOSITORIES = "/api/(?:models|datasets|spaces)";
    private static final String REPOSITORY =
            "/(?!api/|v1/|v2/|actuator/|lfs/|cas/)(?:datasets/|spaces/)?(?:[^/]+/)?[^/]+";

    private static final String IMAGES =
            "/v2/(?:datasets/|spaces/)?(?:[^/]+/)?[^/]+/(?:manifests|blobs|tags|referrers)/[^/]+";

    private static final List<Route> TABLE = List.of(
            row("health", READ, "/health", OPEN, HERE),
            row("actuator-health", READ, "/actuator/health(?:/.*)?", OPEN, HERE),
            row("actuator", READ, "/actuator(?:/.*)?", needs(ADMIN), HERE),
            row("keys", "GET POST", "/v1/admin/keys", needs(ADMIN), HERE),
            row("key", "GET DELETE", "/v1/admin/keys/[^/]+", needs(ADMIN), HERE),
            row("chat", "POST", "/v1/chat/completions", needs(INFERENCE), WORKER_FOR_MODEL),
            row("completions", "POST", "/v1/completions", needs(INFERENCE), WORKER_FOR_MODEL),
            row("models", READ, "/v1/models(?:/.+)?", needs(INFERENCE), ANY_WORKER),
            row("files-read", READ, "/v1/files(?:/.+)?", needs(TUNE_READ), FINETUNE),
            row("files-write", "POST DELETE", "/v1/files(?:/.+)?", needs(TUNE_WRITE), FINETUNE),
            row("tuning-read", READ, "/v1/fine_tuning/.+", needs(TUNE_READ), FINETUNE),
            row("tuning-write", "POST DELETE", "/v1/fine_tuning/.+", needs(TUNE_WRITE), FINETUNE),
            row("hub-import", "POST", "/api/import", needs(ADMIN), REGISTRY),
            row("whoami", READ, "/api/whoami-v2", ANY_KEY, HERE),
            row("hub-paths-info", "POST", REPOSITORIES + "/.+/paths-info/.+", PUBLIC, REGISTRY),
            row("hub-validate-yaml", "POST", "/api/validate-yaml", needs(MODELS_READ), REGISTRY),
            row("hub-write-token", "GET", "/api/.+/xet-write-token/.+", needs(MODELS_WRITE), REGISTRY),
            row("hub-ask", "POST", REPOSITORY + "/ask-access", needs(MODELS_READ), REGISTRY),
            row("hub-ask-no-more", "POST", "/api/.+/user-access-request/cancel", needs(MODELS_READ), REGISTRY),
            row("hub-like", "POST DELETE", "/api/[^/]+/.+/like", needs(MODELS_READ), REGISTRY),
            row("hub-admin", READ + " " + WRITE, "/api/admin/.+", needs(ADMIN), REGISTRY),
            row("hub-mirror", READ, "/api/mirror/.+", needs(MODELS_READ), REGISTRY),
            row("hub-mirror-admin", WRITE, "/api/mirror/.+", needs(ADMIN), REGISTRY),
            row("hub-conversions-read", READ, "/api/conversions(?:/[^/]+)?", needs(MODELS_READ), REGISTRY),
            row("hub-conversions", "POST", "/api/conversions", needs(MODELS_WRITE), REGISTRY),
            row("hub-conversion", "DELETE", "/api/conversions/[^/]+", needs(MODELS_WRITE), REGISTRY),
            row("hub-audit", READ, "/api/audit", needs(ADMIN), REGISTRY),
            row("hub-clients", READ, "/api/_conformance", PUBLIC, REGISTRY),
            row("hub-clients-report", "POST", "/api/_conformance", needs(ADMIN), REGISTRY),
            row("hub-repositories", READ, REPOSITORIES + "(?:/.+)?", PUBLIC, REGISTRY),
            row("hub-api-read", READ, "/api/.+", needs(MODELS_READ), REGISTRY),
            row("hub-api-write", WRITE, "/api/.+", needs(MODELS_WRITE), REGISTRY),
            row("hub-xet", "GET POST", "/cas/.+", new Access.Passed(), REGISTRY),
            row("images-ping", READ, "/v2/?", PUBLIC, HERE),
            row("images-token", "GET", "/v2/token", PUBLIC, HERE),
            row("images", READ, IMAGES, PUBLIC, REGISTRY),
            row("hub-signed", "GET HEAD PUT POST", SignedUpload.PREFIX + "[^/]+", SIGNED, REGISTRY),
            row("hub-lfs-batch", "POST", REPOSITORY + "\\.git/info/lfs/objects/batch", PUBLIC, REGISTRY),
            row("hub-lfs-read", READ, REPOSITORY + "\\.git/info/lfs/.+", needs(MODELS_READ), REGISTRY),
            row("hub-lfs-write", "POST PUT", REPOSITORY + "\\.git/info/lfs/.+", needs(MODELS_WRITE), REGISTRY),
            row("hub-file", READ, REPOSITORY + "/(?:resolve|raw)/.+", PUBLIC, REGISTRY));

    private Routes() {}

    public static List<Route> all() {
        return TABLE;
    }

    /** @param path undecoded */
    static Optional<Route> find(String method, String path) {
        return TABLE.stream()
                .filter(route -> route.methods().contains(method) && route.hasPath(path))
                .findFirst();
    }

    /** The methods that a path answers to, in order; none where it is no route. */
    static Set<String> methods(String path) {
        Set<String> methods = new TreeSet<>();
        TABLE.stream().filter(route -> route.hasPath(path)).forEach(route -> methods.addAll(route.methods()));
        return methods;
    }

    private static Access needs(Scope scope) {
        return new Access.Needs(scope);
    }

    private static Route row(String name, String methods, String path, Access access, Destination destination) {
        return new Route(name, Set.of(methods.split(" ")), Pattern.compile(path), access, destination);
    }
}
