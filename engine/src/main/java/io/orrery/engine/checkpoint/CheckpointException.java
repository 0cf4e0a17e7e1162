package io.orrery.engine.checkpoint;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file of weights that cannot be read or written: which file, what was found in it and where, what to do about it. */
public final class CheckpointException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String problem;

    public CheckpointException(String file, String problem) {
        this(file, problem, null);
    }

    public CheckpointException(Path file, String problem) {
        this(file.toString(), problem, null);
    }

    public CheckpointException(Path file, String problem, @Nullable Throwable cause) {
        this(file.toString(), problem, cause);
    }

    public CheckpointException(String file, String problem, @Nullable Throwable cause) {
        super(file + ": " + problem, cause);
        this.problem = problem;
    }

    /** The sentence without the file's name, for those who know the file under another one. */
    public String problem() {
        return problem;
    }
}
