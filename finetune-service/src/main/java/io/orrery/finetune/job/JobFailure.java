package io.orrery.finetune.job;

import java.util.Optional;

/**
 * Why a job failed.
 *
 * @param code for programs, such as {@code invalid_training_file}
 * @param message a sentence
 * @param param the request's field at fault
 */
public record JobFailure(String code, String message, Optional<String> param) {
    public static final String TRAINING_FILE = "training_file";
    public static final String VALIDATION_FILE = "validation_file";

    /** @param param {@link #TRAINING_FILE} or {@link #VALIDATION_FILE} */
    public static JobFailure invalidFile(String param, String message) {
        return new JobFailure("invalid_" + param, message, Optional.of(param));
    }
}
