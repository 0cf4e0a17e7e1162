package io.orrery.cli.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobFileTest {
    @TempDir
    Path folder;

    private Path job(String text) throws IOException {
        return Files.writeString(folder.resolve("job.yaml"), text);
    }

    @Test
    void isTheRequestsBodyKeyForKey() throws IOException {
        JobFile job = JobFile.read(job("""
                model: lab/tiny@v1
                training_file: file-1
                seed: 7
                suffix: "42"
                method:
                  type: supervised
                  supervised:
                    hyperparameters: {learning_rate: 2e-4, n_epochs: auto, lora: {rank: 8, target_modules: [q_proj, v_proj]}}
                """));
        assertThat(job.request(Map.of("training_file", "file-2")))
                .containsEntry("model", "lab/tiny@v1")
                .containsEntry("training_file", "file-2")
                .containsEntry("suffix", "42")
                .containsEntry("seed", 7L);
        assertThat(job.hyperparameters())
                .containsEntry("learning_rate", new BigDecimal("2e-4"))
                .containsEntry("n_epochs", "auto")
                .containsEntry("seed", 7L)
                .containsEntry("lora", Map.of("rank", 8L, "target_modules", List.of("q_proj", "v_proj")));
    }

    @Test
    void brokenYamlNamesFileAndLine() throws IOException {
        Path file = job("model: m\ntraining_file: t\nseed: 1\nsuffix: s\nmetadata:\n  a: b\n  c: [1, 2\n");
        assertThatThrownBy(() -> JobFile.read(file)).hasMessageStartingWith("job.yaml line 8: ");
        Path tab = job("model: m\ntraining_file: t\nseed: 1\nsuffix: s\nmetadata:\n  a: b\n\tc: d\n");
        assertThatThrownBy(() -> JobFile.read(tab)).hasMessageStartingWith("job.yaml line 7: ");
    }

    @Test
    void anUnknownKeyNamesItsLineAndTheNearest() throws IOException {
        Path file = job("model: m\n\ntrainig_file: t\n");
        assertThatThrownBy(() -> JobFile.read(file))
                .hasMessage("job.yaml line 3: unknown key 'trainig_file'; did you mean training_file?");
    }

    @Test
    void aKeyThatIsThereTwiceAndOneThatIsMissingAreNamed() throws IOException {
        Path twice = job("model: m\nmodel: n\n");
        assertThatThrownBy(() -> JobFile.read(twice)).hasMessage("job.yaml line 2: 'model' is there twice");
        Path missing = job("model: m\n");
        assertThatThrownBy(() -> JobFile.read(missing)).hasMessage("job.yaml: the key 'training_file' is missing");
    }

    @Test
    void dataThatIsNotThereNamesTheLineThatAsksForIt() throws IOException {
        JobFile job = JobFile.read(job("model: m\ntraining_file: none.jsonl\n"));
        assertThatThrownBy(job::checkedData)
                .hasMessageStartingWith("job.yaml line 2: there is no file ")
                .hasMessageEndingWith("none.jsonl");
    }

    @Test
    void whatIsNestedForEverIsRefused() throws IOException {
        Path deep = job("model: m\ntraining_file: t\nmetadata: " + "[".repeat(5000) + "\n");
        assertThatThrownBy(() -> JobFile.read(deep)).isInstanceOf(JobFileException.class);
        Path loop = job("model: m\ntraining_file: t\nmetadata: &a {b: *a}\n");
        assertThatThrownBy(() -> JobFile.read(loop)).isInstanceOf(JobFileException.class);
    }

    @Test
    void aFileThatIsNoJobIsSaidToBe() throws IOException {
        Path list = job("- a\n- b\n");
        assertThatThrownBy(() -> JobFile.read(list)).hasMessageContaining("no 'key: value' lines");
        Path empty = job("");
        assertThatThrownBy(() -> JobFile.read(empty)).hasMessageContaining("no 'key: value' lines");
        assertThatThrownBy(() -> JobFile.read(folder.resolve("not.yaml"))).hasMessageContaining("there is no file");
    }

    @Test
    void aMethodThatIsNotBuiltIsNamedWithItsLine() throws IOException {
        JobFile job = JobFile.read(job("model: m\ntraining_file: t\nmethod:\n  type: dpo\n"));
        assertThatThrownBy(job::hyperparameters).hasMessageStartingWith("job.yaml line 3: the method 'dpo'");
    }
}
