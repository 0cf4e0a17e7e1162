package io.orrery.engine.train;

import java.util.List;
import java.util.stream.Collectors;

/** Rows of a training file that cannot be trained on, each with its line, place and cause. */
public final class TrainingDataException extends RuntimeException {
    private static final long serialVersionUID = 1;
    /** After so many, a file is not read on. */
    static final int MOST_PROBLEMS = 1000;

    private static final int MOST_LISTED = 20;

    @SuppressWarnings("serial") // records of text and numbers in an immutable list
    private final List<Problem> problems;

    /**
     * @param line 1 for the first
     * @param pointer RFC 6901 pointer into the line's object, empty for the line as a whole
     * @param cause what was found and what it should be
     */
    public record Problem(int line, String pointer, String cause) {
        @Override
        public String toString() {
            return "line " + line + (pointer.isEmpty() ? "" : " at " + pointer) + ": " + cause;
        }
    }

    /** The message lists the first of the problems. */
    TrainingDataException(String file, List<Problem> problems) {
        super(message(file, problems));
        this.problems = List.copyOf(problems);
    }

    private static String message(String file, List<Problem> problems) {
        String listed = problems.stream()
                .limit(MOST_LISTED)
                .map(problem -> file + " " + problem)
                .collect(Collectors.joining("\n"));
        int further = problems.size() - MOST_LISTED;
        String more = problems.size() == MOST_PROBLEMS ? "at least " : "";
        return further > 0 ? listed + "\nand " + more + further + " more like these" : listed;
    }

    /** In the order of the file, {@value #MOST_PROBLEMS} at most. */
    public List<Problem> problems() {
        return problems;
    }
}
