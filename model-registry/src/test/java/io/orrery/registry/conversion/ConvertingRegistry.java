package io.orrery.registry.conversion;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.Conversion;
import io.orrery.api.hub.RepoType;
import io.orrery.hub.CommitRequest;
import io.orrery.hub.Upload;
import io.orrery.registry.RunningRegistry;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** What tests of conversions ask. */
abstract class ConvertingRegistry extends RunningRegistry {
    static final String CARD = "---\nlicense: apache-2.0\nlanguage: en\ntags:\n- tiny\n---\n# A tiny model\n";

    @TempDir
    Path folder;

    void publish(String repo, Path model) throws IOException {
        List<Upload> uploads = new ArrayList<>(List.of(Upload.text("README.md", CARD)));
        try (Stream<Path> files = Files.list(model)) {
            files.forEach(file -> uploads.add(Upload.file(file.getFileName().toString(), file)));
        }
        alice().commit(new CommitRequest(RepoType.MODEL, repo, "main", "Add", uploads).creatingRepository());
    }

    /** A model of two files that needs no engine to be told from another. */
    void publishTiny(String repo) throws IOException {
        Path model = Files.createTempDirectory(folder, "tiny");
        TinyModel.write(model);
        publish(repo, model);
    }

    Conversion ask(String body) {
        HttpResponse<String> answer = call("POST", "/api/conversions", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        Conversion asked = JsonMapper.shared().readValue(answer.body(), Conversion.class);
        assertThat(header(answer, "Location")).endsWith("/api/conversions/" + asked.id());
        return asked;
    }

    Conversion look(String id) {
        return JsonMapper.shared().readValue(get("/api/conversions/" + id).body(), Conversion.class);
    }

    Conversion ended(Conversion asked) {
        eventually(() -> look(asked.id()).hasEnded());
        return look(asked.id());
    }

    Conversion succeeded(String body) {
        Conversion ended = ended(ask(body));
        assertThat(ended.state()).as(ended.toString()).isEqualTo("succeeded");
        return ended;
    }

    Path pulled(String repo) throws IOException {
        return alice().snapshot(repo, "main", Files.createTempDirectory(folder, "cache"), (detail, done, total) -> {});
    }

    static Path leftovers() {
        return BLOBS.resolve("conversions");
    }
}
