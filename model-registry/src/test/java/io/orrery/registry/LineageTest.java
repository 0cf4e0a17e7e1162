package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.orrery.api.hub.RepoInfo.Ancestor;
import io.orrery.api.hub.RepoLineage;
import io.orrery.api.hub.RepoLineage.Edge;
import io.orrery.api.hub.RepoLineage.Hidden;
import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import io.orrery.engine.checkpoint.gguf.GgufWriter;
import io.orrery.engine.tensor.DType;
import io.orrery.hub.CommitRequest;
import io.orrery.hub.Upload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LineageTest extends RunningRegistry {
    @Test
    void aQuantisedMergeLeadsBackToItsBaseAndItsData() {
        add(RepoType.DATASET, "lineage/data", "# data");
        add("lineage/base", "base_model: somewhere/else");
        commit(
                RepoType.MODEL,
                "lineage/adapter",
                Upload.text("README.md", "---\ndatasets: lineage/data\nbase_model: lineage/base\n---\n"),
                Upload.text(
                        "adapter_config.json",
                        "{\"base_model_name_or_path\":\"lineage/base\",\"revision\":\"" + "b".repeat(40) + "\"}"));
        add("lineage/merged", "base_model:\n- lineage/base\n- lineage/adapter");
        add("lineage/quantised", "base_model: lineage/merged\nbase_model_relation: quantized");

        RepoLineage lineage = lineage("lineage/quantised?depth=9");
        assertThat(lineage.ancestors())
                .extracting(Edge::id, Edge::of, Edge::relation, Edge::depth)
                .containsExactly(
                        tuple("lineage/merged", "lineage/quantised", "quantized", 1),
                        tuple("lineage/adapter", "lineage/merged", "merge", 2),
                        tuple("lineage/base", "lineage/merged", "merge", 2),
                        tuple("somewhere/else", "lineage/base", "finetune", 3),
                        tuple("lineage/base", "lineage/adapter", "adapter", 3),
                        tuple("lineage/data", "lineage/adapter", "dataset", 3));
        assertThat(lineage.ancestors())
                .filteredOn(edge -> edge.relation().equals("adapter"))
                .singleElement()
                .satisfies(edge -> {
                    assertThat(edge.source()).isEqualTo("adapter_config.json");
                    assertThat(edge.revision()).isEqualTo("b".repeat(40));
                    assertThat(edge.internalId()).matches("[0-9a-f]{24}");
                });
        assertThat(lineage.ancestors())
                .filteredOn(edge -> edge.id().equals("somewhere/else"))
                .allSatisfy(edge -> assertThat(edge.internalId()).isNull());
        assertThat(lineage.truncated()).isFalse();
        assertThat(lineage("lineage/quantised?depth=1").truncated()).isTrue();

        assertThat(read("/api/datasets/lineage/data/lineage").descendants())
                .extracting(Edge::id, Edge::of, Edge::relation, Edge::depth)
                .containsExactly(
                        tuple("lineage/adapter", "lineage/data", "dataset", 1),
                        tuple("lineage/merged", "lineage/adapter", "merge", 2),
                        tuple("lineage/quantised", "lineage/merged", "quantized", 3));
    }

    @Test
    void aCircleEnds() {
        add("lineage-circle/a", "base_model: lineage-circle/b");
        add("lineage-circle/b", "base_model: lineage-circle/a");
        RepoLineage lineage = lineage("lineage-circle/a?depth=20");
        assertThat(lineage.ancestors())
                .extracting(Edge::id, Edge::of)
                .containsExactly(
                        tuple("lineage-circle/b", "lineage-circle/a"), tuple("lineage-circle/a", "lineage-circle/b"));
        assertThat(lineage.descendants()).hasSize(2);
        assertThat(lineage.truncated()).isFalse();
    }

    @Test
    void whatTheCallerMayNotSeeIsCountedAndNotNamed() {
        alice().createRepo(RepoType.MODEL, "lineage-private/base", true, false);
        add("lineage-private/child", "base_model: lineage-private/base");
        alice().createRepo(RepoType.MODEL, "lineage-private/grandchild", true, false);
        add("lineage-private/grandchild", "base_model: lineage-private/child");
        String stranger = Tokens.of("stranger", "elsewhere", Scope.MODELS_READ);
        JsonNode seen = json(callAs(stranger, "GET", "/api/models/lineage-private/child/lineage", ""));
        assertThat(seen.toString()).doesNotContain("lineage-private/base", "grandchild");
        assertThat(JsonMapper.shared().treeToValue(seen, RepoLineage.class).hidden())
                .isEqualTo(new Hidden(1, 1));
        assertThat(lineage("lineage-private/child").hidden()).isEqualTo(new Hidden(0, 0));
        assertThat(json(callAs(
                                stranger,
                                "GET",
                                "/api/models/lineage-private/child?expand=childrenModelCount&expand=baseModels",
                                ""))
                        .toString())
                .contains("\"childrenModelCount\":{}")
                .doesNotContain("baseModels");
    }

    @Test
    void aParentIsFollowedWhenItIsRenamedAlsoOneThatCameLater() {
        add("lineage-names/child", "base_model: lineage-names/parent");
        add("lineage-names/parent", "license: mit");
        jdbc.sql("update repo set name = 'lineage-names/renamed' where name = 'lineage-names/parent'")
                .update();
        assertThat(lineage("lineage-names/child").ancestors())
                .extracting(Edge::id)
                .containsExactly("lineage-names/renamed");
        assertThat(lineage("lineage-names/renamed").descendants())
                .extracting(Edge::id, Edge::of)
                .containsExactly(tuple("lineage-names/child", "lineage-names/renamed"));
    }

    @Test
    void infosTellBasesAndChildrenAsTheHubDoes() {
        add("lineage-info/base", "license: mit");
        add("lineage-info/one", "base_model: lineage-info/base");
        add("lineage-info/two", "base_model: lineage-info/base\nbase_model_relation: quantized");
        add("lineage-info/three", "base_model: lineage-info/base\nbase_model_relation: quantized");
        JsonNode base = json(get("/api/models/lineage-info/base?expand=childrenModelCount"));
        assertThat(base.path("childrenModelCount").toString()).isEqualTo("{\"finetune\":1,\"quantized\":2}");
        JsonNode one = json(get("/api/models/lineage-info/one?expand=baseModels"));
        assertThat(one.path("baseModels").path("relation").asString()).isEqualTo("finetune");
        assertThat(one.path("baseModels").path("models").path(0).path("id").asString())
                .isEqualTo("lineage-info/base");
        assertThat(one.path("baseModels").path("models").path(0).path("_id").asString())
                .isEqualTo(base.path("_id").asString());
        JsonNode list = json(get("/api/models?author=lineage-info&search=two&expand=baseModels"));
        assertThat(list.path(0).path("baseModels").path("relation").asString()).isEqualTo("quantized");
        assertThat(get("/api/models?author=lineage-info&filter=base_model:quantized:lineage-info/base")
                        .body())
                .contains("lineage-info/two", "lineage-info/three")
                .doesNotContain("lineage-info/one");
    }

    @Test
    void aGgufFileNamesItsBase(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("x.gguf");
        GgufWriter.write(
                file,
                Map.of(
                        "general.architecture",
                        "llama",
                        "general.base_model.count",
                        1,
                        "general.base_model.0.repo_url",
                        "https://huggingface.co/lineage-gguf/base"),
                Map.of("w", InspectionTest.tensor(DType.F32, 2, 32)));
        commit(RepoType.MODEL, "lineage-gguf/made", Upload.bytes("x.gguf", Files.readAllBytes(file)));
        assertThat(alice().info("lineage-gguf/made", "main").inspection().lineage())
                .containsExactly(new Ancestor("lineage-gguf/base", "quantized", null, "x.gguf"));
        assertThat(lineage("lineage-gguf/made").ancestors())
                .extracting(Edge::id)
                .containsExactly("lineage-gguf/base");
    }

    @Test
    void anEarlierRevisionHasItsOwnBase() {
        add("lineage-revision/x", "base_model: lineage-revision/first");
        String first = alice().info("lineage-revision/x", "main").sha();
        add("lineage-revision/x", "base_model: lineage-revision/second");
        assertThat(lineage("lineage-revision/x").ancestors())
                .extracting(Edge::id)
                .containsExactly("lineage-revision/second");
        assertThat(lineage("lineage-revision/x?revision=" + first).ancestors())
                .extracting(Edge::id)
                .containsExactly("lineage-revision/first");
        assertThat(get("/api/models/lineage-revision/x/lineage?depth=0").statusCode())
                .isEqualTo(400);
        assertThat(get("/api/models/lineage-revision/none/lineage").statusCode())
                .isEqualTo(404);
    }

    /** Of a model, with the query behind its name. */
    private RepoLineage lineage(String repoAndQuery) {
        String[] parts = repoAndQuery.split("\\?", 2);
        return read("/api/models/" + parts[0] + "/lineage" + (parts.length == 2 ? "?" + parts[1] : ""));
    }

    private RepoLineage read(String path) {
        return JsonMapper.shared().readValue(get(path).body(), RepoLineage.class);
    }

    private void add(String repo, String frontMatter) {
        add(RepoType.MODEL, repo, "---\n" + frontMatter + "\n---\n");
    }

    private void add(RepoType type, String repo, String card) {
        commit(type, repo, Upload.text("README.md", card));
    }

    private void commit(RepoType type, String repo, Upload... files) {
        alice().commit(new CommitRequest(type, repo, "main", "Add", List.of(files)).creatingRepository());
    }
}
