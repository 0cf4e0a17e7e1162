package io.orrery.registry.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.engine.checkpoint.pickle.PickleImports.Import;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImportSafetyTest {
    @ParameterizedTest
    @CsvSource({
        "torch, FloatStorage, INNOCUOUS",
        "torch._utils, _rebuild_tensor_v2, INNOCUOUS",
        "collections, OrderedDict, INNOCUOUS",
        "numpy._core.multiarray, _reconstruct, INNOCUOUS",
        "sklearn.linear_model._base, LinearRegression, SUSPICIOUS",
        "transformers.training_args, TrainingArguments, SUSPICIOUS",
        "posix, system, DANGEROUS",
        "os.path, join, DANGEROUS",
        "builtins, eval, DANGEROUS",
        "__builtin__, getattr, DANGEROUS",
        "subprocess, Popen, DANGEROUS",
        "torch.hub, download_url_to_file, DANGEROUS",
        "torch.serialization, os.system, DANGEROUS",
        "collections, OrderedDict.fromkeys, DANGEROUS",
        "somewhere, load, DANGEROUS",
        "?, ?, DANGEROUS",
    })
    void namesAreJudgedByWhatTheyLeadTo(String module, String name, ImportSafety safety) {
        assertThat(ImportSafety.of(new Import(module, name))).isEqualTo(safety);
    }

    @Test
    void theWorstNameDecidesAndWhatBreaksIsSuspicious() {
        Import harmless = new Import("torch", "FloatStorage");
        Import shell = new Import("os", "system");
        assertThat(new PickleScan.Done(true, List.of(harmless, shell), Optional.empty()).safety())
                .isEqualTo(ImportSafety.DANGEROUS);
        assertThat(new PickleScan.Done(true, List.of(harmless, shell), Optional.empty()).reasons())
                .containsExactly("os.system");
        assertThat(new PickleScan.Done(true, List.of(harmless), Optional.of("it breaks")).safety())
                .isEqualTo(ImportSafety.SUSPICIOUS);
        assertThat(new PickleScan.Done(true, List.of(harmless), Optional.empty()).safety())
                .isEqualTo(ImportSafety.INNOCUOUS);
    }
}
