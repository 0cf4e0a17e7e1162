package io.orrery.finetune.job;

import java.util.Map;
import java.util.Optional;

/**
 * What was asked for.
 *
 * @param base the model to tune
 * @param hyperparameters as given, by OpenAI's and the engine's names
 * @param outputRepository where the result goes
 */
public record JobSpec(
        Base base,
        DataFile training,
        Optional<DataFile> validation,
        Optional<String> suffix,
        long seed,
        Map<String, Object> hyperparameters,
        Map<String, String> metadata,
        String outputRepository) {
    /**
     * @param model as it was asked for, {@code REPO} or {@code REPO@REVISION}
     * @param commit 40-hex; absent where the registry could not be asked yet
     */
    public record Base(String model, String repository, Optional<String> commit) {
        /** The commit, or what to resolve to one. */
        public String revision() {
            int at = model.indexOf('@');
            return commit.orElse(at < 0 ? "main" : model.substring(at + 1));
        }
    }

    /** An uploaded file, and the hash of what was in it when the job was made. */
    public record DataFile(String id, String sha256) {}
}
