package io.orrery.registry.oci;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.gguf.GgufHeader;
import io.orrery.registry.blob.Content;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.inspection.Headers;
import io.orrery.registry.oci.MadeContents.Document;
import io.orrery.registry.oci.MadeContents.FileLayer;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.FileContents;
import io.orrery.registry.repository.GitBlob;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Revisions;
import io.orrery.registry.repository.TreeItem;
import io.orrery.registry.repository.Trees;
import io.orrery.registry.wire.HubProblem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/** Makes manifests of what lies in repositories, each once. */
@Service
class Images {
    /** Counts the ways in which manifests were made: what is made in another way has another recipe. */
    private static final int VERSION = 1;

    private static final List<String> LICENSES = List.of("LICENSE", "LICENSE.txt", "LICENSE.md", "license");
    private static final long MOST_LICENSE = 1 << 20;

    private final Revisions revisions;
    private final Trees trees;
    private final FileContents contents;
    private final MadeContents made;
    private final JsonMapper json;

    Images(Revisions revisions, Trees trees, FileContents contents, MadeContents made, JsonMapper json) {
        this.revisions = revisions;
        this.trees = trees;
        this.contents = contents;
        this.made = made;
        this.json = json;
    }

    /** A GGUF file of a commit, and the others that may go with it. */
    record Chosen(Commit commit, TreeItem model, GgufChoice among) {}

    /** What a tag means: a quantisation on {@code main}, or a revision's usual one. */
    Chosen gguf(Repo repo, String tag) {
        Commit main = revisions.resolve(repo, "main");
        GgufChoice choice = new GgufChoice(trees.files(main));
        Optional<TreeItem> model = choice.model(tag);
        return model.isPresent() ? new Chosen(main, model.get(), choice) : ofRevision(repo, tag, choice);
    }

    private Chosen ofRevision(Repo repo, String tag, GgufChoice main) {
        Optional<Commit> commit = revision(repo, tag);
        GgufChoice choice =
                commit.map(found -> new GgufChoice(trees.files(found))).orElse(main);
        Optional<TreeItem> model = commit.flatMap(found -> choice.model(GgufChoice.LATEST));
        if (model.isEmpty()) {
            String there = main.isEmpty()
                    ? "it has no GGUF file"
                    : "there are the tags latest, " + String.join(", ", main.tags()) + ", and revisions";
            throw HubProblem.entryNotFound(
                    repo.name() + " has nothing for the tag '" + tag + "': " + there,
                    revisions.resolve(repo, "main").oid());
        }
        return new Chosen(commit.orElseThrow(), model.get(), choice);
    }

    private Optional<Commit> revision(Repo repo, String tag) {
        try {
            return Optional.of(revisions.resolve(repo, tag.equals(GgufChoice.LATEST) ? "main" : tag));
        } catch (HubProblem missing) {
            if (missing.status() == 404) {
                return Optional.empty();
            }
            throw missing;
        }
    }

    Document ollama(Repo repo, Chosen chosen) throws IOException {
        if (GgufChoice.isSharded(chosen.model())) {
            throw HubProblem.badRequest(
                    chosen.model().path() + " is one of several shards, and Ollama takes models of one"
                            + " file: merge them with llama-gguf-split --merge");
        }
        Sha256 recipe = recipe("ollama", chosen.commit(), chosen.model().path());
        Optional<Document> there = made.byRecipe(repo, recipe);
        return there.isPresent() ? there.get() : keep(repo, recipe, image(repo, chosen));
    }

    /** All files of a revision, each a layer that is called like it. */
    Document files(Repo repo, String tag) throws IOException {
        Commit commit = revision(repo, tag).orElseThrow(() -> HubProblem.revisionNotFound(tag));
        Sha256 recipe = recipe("files", commit, "");
        Optional<Document> there = made.byRecipe(repo, recipe);
        if (there.isPresent()) {
            return there.get();
        }
        List<TreeItem> files = trees.files(commit);
        FilesImage.requireFew(repo, files.size());
        TreeMap<String, FileLayer> layers = new TreeMap<>();
        for (TreeItem file : files) {
            layers.put(file.path(), layer(repo, commit, file));
        }
        return keep(repo, recipe, new FilesImage(json, repo, commit, layers).made());
    }

    private MadeContents.Made image(Repo repo, Chosen chosen) throws IOException {
        Map<String, FileLayer> named = new TreeMap<>();
        for (String name : List.of("template", "system", "params")) {
            add(repo, chosen.commit(), name, name, named);
        }
        for (String license : LICENSES) {
            add(repo, chosen.commit(), license, "license", named);
        }
        Optional<TreeItem> projector = chosen.among().projector(chosen.model());
        return new OllamaImage(
                        json,
                        new OllamaImage.Parts(
                                layer(repo, chosen.commit(), chosen.model()),
                                projector.isEmpty()
                                        ? Optional.empty()
                                        : Optional.of(layer(repo, chosen.commit(), projector.get())),
                                named),
                        header(repo, chosen))
                .made();
    }

    private void add(Repo repo, Commit commit, String path, String kind, Map<String, FileLayer> named)
            throws IOException {
        Optional<TreeItem> file = trees.find(commit, path)
                .filter(item -> item.blob()
                        .filter(blob -> blob.size() > 0 && blob.size() <= MOST_LICENSE)
                        .isPresent());
        if (file.isPresent() && !named.containsKey(kind)) {
            named.put(kind, layer(repo, commit, file.get()));
        }
    }

    private GgufHeader header(Repo repo, Chosen chosen) throws IOException {
        TreeItem model = chosen.model();
        try {
            return Headers.gguf(contents.open(
                    repo, chosen.commit(), model.path(), model.blob().orElseThrow()));
        } catch (CheckpointException e) {
            throw HubProblem.badRequest(model.path() + " is no GGUF file that can be read: " + e.problem());
        }
    }

    private FileLayer layer(Repo repo, Commit commit, TreeItem file) throws IOException {
        GitBlob blob = file.blob().orElseThrow();
        Sha256 sha256 =
                blob.sha256().isPresent() ? blob.sha256().get() : hash(contents.open(repo, commit, file.path(), blob));
        return new FileLayer(sha256, blob.size(), commit.oid(), file.path());
    }

    /** Of a small file of another hub, which is known by git's hash alone. */
    private static Sha256 hash(Content content) throws IOException {
        return Sha256.of(content.beginning(Math.toIntExact(content.size())));
    }

    private Document keep(Repo repo, Sha256 recipe, MadeContents.Made image) {
        made.save(repo, recipe, image);
        return image.manifest();
    }

    private static Sha256 recipe(String kind, Commit commit, String path) {
        String text = kind + " " + VERSION + " " + commit.oid() + " " + path;
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
