package io.orrery.registry.oci;

import io.orrery.registry.oci.MadeContents.Document;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.FileContents;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Repos;
import io.orrery.registry.repository.Revisions;
import io.orrery.registry.repository.TreeItem;
import io.orrery.registry.repository.Trees;
import io.orrery.registry.resolve.RangedAnswer;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Manifests and tags. Who asks decides what of: llama.cpp is told a file's name, Ollama gets a model, all others a whole revision. */
@Component
class ImageRoutes implements HubRoutes {
    private static final String DIGEST = "Docker-Content-Digest";

    private record Index(int schemaVersion, String mediaType, List<String> manifests) {}

    private final Repos repos;
    private final Revisions revisions;
    private final Trees trees;
    private final FileContents contents;
    private final Images images;
    private final MadeContents made;

    ImageRoutes(
            Repos repos, Revisions revisions, Trees trees, FileContents contents, Images images, MadeContents made) {
        this.repos = repos;
        this.revisions = revisions;
        this.trees = trees;
        this.contents = contents;
        this.images = images;
        this.made = made;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                HubRoute.read(HttpMethod.GET, "/v2", this::ping),
                HubRoute.read(HttpMethod.HEAD, "/v2", this::ping),
                HubRoute.read(HttpMethod.GET, "/v2/{repo}/manifests", this::manifest),
                HubRoute.read(HttpMethod.HEAD, "/v2/{repo}/manifests", this::manifest),
                HubRoute.read(HttpMethod.GET, "/v2/{repo}/tags", this::tags),
                HubRoute.read(HttpMethod.GET, "/v2/{repo}/referrers", this::referrers));
    }

    private ServerResponse ping(HubCall call) {
        return ServerResponse.ok()
                .header("Docker-Distribution-Api-Version", "registry/2.0")
                .body(Map.of());
    }

    private ServerResponse manifest(HubCall call) throws IOException {
        Repo repo = repo(call);
        String reference = Digests.reference(call);
        if (reference.startsWith("sha256:")) {
            return answer(
                    call, made.document(repo.id(), Digests.parse(reference)).orElseThrow(() -> unknown(reference)));
        }
        if (!reference.matches("\\w[\\w.-]{0,127}")) {
            throw HubProblem.badRequest("Invalid tag: '" + reference + "'");
        }
        if (call.header("User-Agent")
                .filter(agent -> agent.startsWith("llama-cpp"))
                .isPresent()) {
            return ServerResponse.ok().body(names(images.gguf(repo, reference)));
        }
        boolean takesArtifacts = Collections.list(call.servletRequest().getHeaders("Accept")).stream()
                .anyMatch(accepted -> accepted.contains(Manifest.OCI));
        return answer(
                call,
                takesArtifacts ? images.files(repo, reference) : images.ollama(repo, images.gguf(repo, reference)));
    }

    /** Older versions of llama.cpp take the first {@code rfilename} that they see for the model's. */
    private static Map<String, Object> names(Images.Chosen chosen) {
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("ggufFile", name(chosen.model()));
        chosen.among().projector(chosen.model()).ifPresent(file -> names.put("mmprojFile", name(file)));
        return names;
    }

    private static Map<String, Object> name(TreeItem file) {
        return Map.of(
                "rfilename", file.path(), "size", file.blob().orElseThrow().size());
    }

    private static ServerResponse answer(HubCall call, Document manifest) {
        return new RangedAnswer(
                        '"' + Manifest.digest(manifest.sha256()) + '"',
                        manifest.content().length,
                        new RangedAnswer.Source.InMemory(manifest.content()))
                .to(
                        call,
                        headers -> headers.header(DIGEST, Manifest.digest(manifest.sha256()))
                                .contentType(MediaType.parseMediaType(manifest.mediaType())));
    }

    /** Quantisations, and the names of revisions that can be tags. */
    private ServerResponse tags(HubCall call) {
        Repo repo = repo(call);
        if (!call.rest().equals(List.of("list"))) {
            throw unknown(String.join("/", call.rest()));
        }
        Commit main = revisions.resolve(repo, "main");
        TreeSet<String> tags = new TreeSet<>(new GgufChoice(trees.files(main)).tags());
        tags.add(GgufChoice.LATEST);
        revisions.all(repo).stream()
                .map(ref -> ref.name().replaceFirst("^refs/(heads|tags)/", ""))
                .filter(name -> name.matches("\\w[\\w.-]{0,127}"))
                .forEach(tags::add);
        return ServerResponse.ok().body(Map.of("name", repo.name(), "tags", tags));
    }

    /** What signs or describes a manifest: nothing here does, which the protocol says by an empty index. */
    private ServerResponse referrers(HubCall call) {
        repo(call);
        Digests.parse(Digests.reference(call));
        return ServerResponse.ok()
                .contentType(MediaType.parseMediaType(Manifest.INDEX))
                .body(new Index(2, Manifest.INDEX, List.of()));
    }

    private Repo repo(HubCall call) {
        Repo repo = repos.get(call.type(), call.repo(), call.caller());
        contents.requireReader(repo, call.caller());
        return repo;
    }

    private static HubProblem unknown(String reference) {
        return HubProblem.of(404, "There is no manifest '" + reference + "' here");
    }
}
