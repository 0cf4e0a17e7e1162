package io.orrery.inference.model;

import io.orrery.engine.checkpoint.peft.PeftAdapter;
import io.orrery.engine.checkpoint.peft.PeftConfig;
import io.orrery.hub.Progress;
import io.orrery.inference.wire.OpenAiProblem;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Fetches adapters, and knows the base that each was made for. Thread-safe. */
@Component
class AdapterLoader {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern REPOSITORY = Pattern.compile("[\\w.-]+/[\\w.-]+");

    private final ModelSource source;
    /** By repository and commit, which never change their contents. */
    private final Map<String, PeftConfig> configs = new ConcurrentHashMap<>();

    AdapterLoader(ModelSource source) {
        this.source = source;
    }

    /**
     * The base's revision that an adapter was made on.
     *
     * @throws OpenAiProblem where it was made on another repository
     */
    String baseRevision(String base, String adapter, String commit) {
        PeftConfig config = configs.computeIfAbsent(adapter + "@" + commit, _ -> {
            try (PeftAdapter opened = open(adapter, commit)) {
                return opened.config();
            }
        });
        String madeOn = config.baseModel();
        if (REPOSITORY.matcher(madeOn).matches() && !madeOn.equals(base)) {
            throw OpenAiProblem.of(
                            HttpStatus.BAD_REQUEST,
                            "wrong_base_model",
                            "The adapter " + adapter + " was made on " + madeOn + " and not on " + base + "; ask for "
                                    + madeOn + ":" + adapter + ".")
                    .withParam("model");
        }
        return Optional.of(config)
                .flatMap(PeftConfig::revision)
                .filter(revision -> COMMIT.matcher(revision).matches())
                .orElse(ModelSource.MAIN);
    }

    /** Brings an adapter over a model on the device, under its key. */
    void load(Resident base, Resident.Adapter adapter) {
        try (PeftAdapter opened = open(adapter.repository, adapter.commit)) {
            base.loaded.join().served().addAdapter(adapter.key(), opened);
        }
    }

    private PeftAdapter open(String repository, String commit) {
        Path folder = source.fetch(repository, commit, Progress.SILENT);
        return PeftAdapter.open(folder);
    }
}
