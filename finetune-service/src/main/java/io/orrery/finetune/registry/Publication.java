package io.orrery.finetune.registry;

import io.orrery.finetune.access.Caller;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A result and where it comes from. Holds nothing that differs between two runs of the same job, so that publishing twice is publishing
 * once.
 *
 * @param owner whose job it was
 * @param repository where it goes
 * @param folder the files, without a card
 */
public record Publication(Caller owner, String repository, Path folder, Lineage lineage) {
    /**
     * @param job its id
     * @param baseCommit 40-hex
     * @param trainingSha256 hash of the training data
     * @param hyperparameters every setting with the value that was used
     * @param losses in order of steps
     */
    public record Lineage(
            String job,
            String baseRepository,
            String baseCommit,
            String trainingSha256,
            Optional<String> validationSha256,
            Map<String, Object> hyperparameters,
            long trainedTokens,
            List<Loss> losses) {}

    /** @param validation where it was measured at this step */
    public record Loss(int step, double training, Optional<Double> validation) {}
}
