package io.orrery.engine.train;

/** One row is not as it should be; the reader of the file adds the line. */
final class RowException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String pointer;
    private final String problem;

    /** @param pointer RFC 6901, empty for the row as a whole */
    RowException(String pointer, String problem) {
        super(problem);
        this.pointer = pointer;
        this.problem = problem;
    }

    /** What is wrong with the row on this line. */
    TrainingDataException.Problem at(int line) {
        return new TrainingDataException.Problem(line, pointer, problem);
    }
}
