package io.orrery.cli.tune;

import org.jspecify.annotations.Nullable;

/** A job file, or the data that it names, is not what it should be; the message names file and line. */
final class JobFileException extends RuntimeException {
    JobFileException(String message) {
        this(message, null);
    }

    JobFileException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
