package io.orrery.finetune.worker;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What trains a model: all that the worker knows of the engine. */
interface Training {
    /**
     * What to do.
     *
     * @param base folder of the model
     * @param work folder that all attempts share, where states are written and gone on from
     * @param output folder for the result
     * @param hyperparameters as given
     */
    record Task(
            Path base,
            Origin origin,
            Path work,
            Path output,
            Map<String, Object> hyperparameters,
            Path trainingFile,
            Optional<Path> validationFile) {}

    /** What the base is for others: a repository and its 40-hex commit. */
    record Origin(String repository, String commit) {}

    /**
     * What one optimiser step did.
     *
     * @param tokens computed in it
     * @param trainedTokens of them, those that counted in the loss
     * @param data every figure, by the names of OpenAI's events
     */
    record Step(int step, int totalSteps, int tokens, int trainedTokens, double loss, Map<String, Object> data) {}

    /** Hears how a run goes on, on the run's own thread. */
    interface Listener {
        void stage(String text);

        void step(Step step);

        /** A state is whole on disk. */
        void checkpoint(int step);

        /** Asked before every micro-batch; the run ends with {@link StoppedException} then. */
        boolean isStopped();
    }

    /**
     * Trains to the end, from wherever an earlier attempt came to. Throws {@link JobFailedException} where it cannot be done as asked,
     * whoever tries.
     *
     * @return tokens that counted in the loss, over all attempts
     */
    long run(Task task, Listener listener);

    /** Every setting with the value that is used. Throws {@link IllegalArgumentException} where one cannot be. */
    Map<String, Object> resolve(Map<String, Object> hyperparameters);

    /** Looks at a training file without a model. Throws {@link JobFailedException} that names line and cause. */
    void checkData(Path file, String param);
}
