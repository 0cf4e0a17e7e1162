package io.orrery.registry.conversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.orrery.api.hub.Conversion;
import io.orrery.api.hub.RepoLineage;
import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import io.orrery.engine.checkpoint.safetensors.SafetensorsFile;
import io.orrery.hub.CommitRequest;
import io.orrery.hub.Upload;
import io.orrery.registry.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ConversionTest extends ConvertingRegistry {
    @Test
    void picklesBecomeSafetensorsAndThoseAGgufFileThatSaysAlmostTheSame() throws IOException {
        Path original = folder.resolve("original");
        TinyModel.write(original);
        float[] wanted = TinyModel.logits(original);
        TinyModel.pickle(original);
        publish("conversions/pickled", original);
        String commit = alice().info("conversions/pickled", "main").sha();

        Conversion safe = succeeded("{\"source\":\"conversions/pickled\",\"kind\":\"safetensors\"}");
        assertThat(safe.target()).isEqualTo("lab/pickled-safetensors");
        assertThat(safe.source().commit()).isEqualTo(commit);
        assertThat(safe.progress().tensors())
                .isEqualTo(safe.progress().totalTensors())
                .isPositive();
        Path safetensors = pulled("lab/pickled-safetensors");
        assertThat(safetensors.resolve("pytorch_model.bin")).doesNotExist();
        assertThat(safetensors.resolve("config.json")).hasSameTextualContentAs(original.resolve("config.json"));
        assertThat(TinyModel.logits(safetensors)).containsExactly(wanted);
        try (SafetensorsFile file = SafetensorsFile.open(safetensors.resolve("model.safetensors"))) {
            assertThat(file.metadata()).containsEntry("format", "pt");
        }

        Conversion gguf = succeeded(
                "{\"source\":\"lab/pickled-safetensors\",\"kind\":\"gguf\",\"type\":\"q8_0\",\"target\":\"lab/pickled-GGUF\"}");
        assertThat(gguf.type()).isEqualTo("Q8_0");
        assertThat(alice().info("lab/pickled-GGUF", "main").sha()).isEqualTo(gguf.commit());
        isNear(TinyModel.logits(pulled("lab/pickled-GGUF").resolve("pickled-safetensors-Q8_0.gguf")), wanted, 0.02);
        isCardOfAQuantisedModel("lab/pickled-GGUF", "lab/pickled-safetensors", safe.commit());
    }

    /** Off by something, and by less than a bound on average. */
    private static void isNear(float[] logits, float[] wanted, double bound) {
        assertThat(logits).hasSameSizeAs(wanted);
        double mean = IntStream.range(0, wanted.length)
                .mapToDouble(i -> Math.abs(logits[i] - wanted[i]))
                .average()
                .orElseThrow();
        assertThat(mean).isPositive().isLessThan(bound);
    }

    private void isCardOfAQuantisedModel(String repo, String base, String commit) {
        JsonNode card = json(get("/api/models/" + repo)).path("cardData");
        assertThat(card.path("license").asString()).isEqualTo("apache-2.0");
        assertThat(card.path("base_model").asString()).isEqualTo(base);
        assertThat(card.path("base_model_relation").asString()).isEqualTo("quantized");
        assertThat(card.path("tags").valueStream().map(JsonNode::asString)).contains("tiny", "gguf");
        RepoLineage lineage = JsonMapper.shared()
                .readValue(get("/api/models/" + repo + "/lineage").body(), RepoLineage.class);
        assertThat(lineage.ancestors().getFirst()).satisfies(edge -> {
            assertThat(edge.id()).isEqualTo(base);
            assertThat(edge.relation()).isEqualTo("quantized");
            assertThat(edge.revision()).isEqualTo(commit);
        });
        assertThat(lineage.ancestors()).extracting(RepoLineage.Edge::id).contains("conversions/pickled");
    }

    @Test
    void aGgufFileIsQuantisedFurtherIntoARepositoryThatIsThereAndBackIntoAFolder() throws IOException {
        publishTiny("conversions/twice");
        succeeded("{\"source\":\"conversions/twice\",\"kind\":\"gguf\",\"type\":\"F32\",\"target\":\"twice-GGUF\"}");
        float[] wanted = TinyModel.logits(pulled("lab/twice-GGUF").resolve("twice-F32.gguf"));
        alice().createRepo(RepoType.MODEL, "lab/small", false, false);

        Conversion small = succeeded(
                "{\"source\":\"lab/twice-GGUF\",\"kind\":\"quantize\",\"type\":\"Q4_0\",\"target\":\"lab/small\"}");
        assertThat(small.source().file()).isEqualTo("twice-F32.gguf");
        isNear(TinyModel.logits(pulled("lab/small").resolve("twice-Q4_0.gguf")), wanted, 0.3);

        Conversion plain = succeeded("{\"source\":\"lab/twice-GGUF\",\"kind\":\"dequantize\",\"type\":\"F32\"}");
        assertThat(plain.target()).isEqualTo("lab/twice-F32");
        assertThat(TinyModel.logits(pulled("lab/twice-F32"))).containsExactly(wanted, within(1e-5f));

        Conversion again = ended(ask("{\"source\":\"lab/small\",\"kind\":\"quantize\",\"type\":\"Q8_0\"}"));
        assertThat(again.state()).isEqualTo("failed");
        assertThat(again.error()).contains("Q4_0 already");
        assertThat(get("/api/models/lab/small-Q8_0-GGUF").statusCode()).isEqualTo(404);
    }

    @Test
    void aPickleThatWouldRunCodeIsNotRunAndFailsInASentence() throws IOException {
        alice().commit(new CommitRequest(
                        RepoType.MODEL,
                        "conversions/hostile",
                        "main",
                        "Add",
                        List.of(Upload.bytes("pytorch_model.bin", TorchFile.hostile())))
                .creatingRepository());
        Conversion failed = ended(ask("{\"source\":\"conversions/hostile\",\"kind\":\"safetensors\"}"));
        assertThat(failed.state()).isEqualTo("failed");
        assertThat(failed.error()).contains("os.system");
        assertThat(failed.attempt()).isEqualTo(1);
        try (Stream<Path> left = Files.walk(leftovers())) {
            assertThat(left.filter(file -> file.toString().contains("source"))).isEmpty();
        }
    }

    @Test
    void whatCannotBeMadeIsRefusedAtOnce() throws IOException {
        publishTiny("conversions/asked");
        refused(400, "kind must be one of safetensors, gguf, quantize, dequantize", asked("'kind':'zip'"));
        refused(400, "there is no type 'Q9'; there are F32, F16, BF16, Q4_0", asked("'kind':'gguf','type':'Q9'"));
        refused(400, "gguf needs a type; there are F32", asked("'kind':'gguf'"));
        refused(400, "dequantize writes BF16, F16, F32", asked("'kind':'dequantize','type':'Q8_0'"));
        refused(400, "takes no type", asked("'kind':'safetensors','type':'F16'"));
        refused(400, "the source has none", asked("'kind':'safetensors'"));
        refused(400, "none among its files that ends in .gguf", asked("'kind':'quantize','type':'Q8_0'"));
        refused(400, "no GGUF file x.gguf", asked("'kind':'quantize','type':'Q8_0','file':'x.gguf'"));
        refused(400, "is the source itself", asked("'kind':'gguf','type':'F16','target':'conversions/asked'"));
        refused(400, "Invalid repository name", asked("'kind':'gguf','type':'F16','target':'lab/a--b'"));
        refused(404, "Repository not found", "'source':'conversions/nobody','kind':'gguf','type':'F16'");
        refused(404, "Invalid rev id: v9", asked("'kind':'gguf','type':'F16','revision':'v9'"));
        refused(400, "The body lacks source", "'kind':'gguf','type':'F16'");
    }

    private static String asked(String rest) {
        return "'source':'conversions/asked'," + rest;
    }

    private void refused(int status, String sentence, String body) {
        var answer = call("POST", "/api/conversions", "{" + body.replace('\'', '"') + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(sentence);
    }

    @Test
    void onlyThoseConvertWhoMayReadTheSourceAndWriteTheTarget() throws IOException {
        publishTiny("conversions/rights");
        String body = "{\"source\":\"conversions/rights\",\"kind\":\"gguf\",\"type\":\"Q8_0\"";
        String bob = Tokens.of("bob", "others", Scope.MODELS_READ, Scope.MODELS_WRITE);
        assertThat(callAs(bob, "POST", "/api/conversions", body + ",\"target\":\"conversions/of-bob\"}")
                        .statusCode())
                .isEqualTo(403);
        assertThat(callAs(bob, "POST", "/api/conversions", body + ",\"target\":\"conversions/rights-2\"}")
                        .body())
                .contains("the namespace conversions is others'");

        call("PUT", "/api/models/conversions/rights/settings", "{\"private\":true}");
        assertThat(callAs(bob, "POST", "/api/conversions", body + "}").statusCode())
                .isEqualTo(404);
        assertThat(call("POST", "/api/conversions", body + ",\"private\":false}")
                        .statusCode())
                .isEqualTo(403);

        Conversion mine = succeeded(body + "}");
        assertThat(mine.isPrivate()).isTrue();
        assertThat(json(get("/api/models/" + mine.target())).path("private").asBoolean())
                .isTrue();
        assertThat(callAs(bob, "GET", "/api/conversions/" + mine.id(), "").statusCode())
                .isEqualTo(404);
        assertThat(callAs(bob, "DELETE", "/api/conversions/" + mine.id(), "").statusCode())
                .isEqualTo(404);
        assertThat(callAs(bob, "GET", "/api/conversions", "").body()).isEqualTo("[]");
        assertThat(get("/api/conversions").body()).contains(mine.id());
        assertThat(call("DELETE", "/api/conversions/" + mine.id(), "").body()).contains("it has succeeded");
    }

    @Test
    void whatIsForThoseLetInIsConvertedByThemAloneAndStaysPrivate() throws IOException {
        publishTiny("conversions/gated");
        call("PUT", "/api/models/conversions/gated/settings", "{\"gated\":\"manual\"}");
        String body = "{\"source\":\"conversions/gated\",\"kind\":\"gguf\",\"type\":\"F16\"}";
        String bob = Tokens.of("bob", "others", Scope.MODELS_READ, Scope.MODELS_WRITE);
        var refused = callAs(bob, "POST", "/api/conversions", body);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(header(refused, "X-Error-Code")).isEqualTo("GatedRepo");
        assertThat(succeeded(body).isPrivate()).isTrue();
    }
}
