package io.orrery.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ConnectException;

/** What a failure says to a person: the sentence it carries, or the whole trace where it was not foreseen. */
final class Explanation {
    private Explanation() {}

    static String of(Throwable failure) {
        if (failure instanceof ConnectException) {
            return "nobody answers there; is the platform up? Start it with: orrery up";
        }
        if (failure.getMessage() != null && isOurs(failure)) {
            return failure.getMessage();
        }
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        return "this should not have happened, please report it:\n" + trace;
    }

    /** Our own exceptions and refused arguments carry sentences; others are faults. */
    private static boolean isOurs(Throwable failure) {
        return failure.getClass().getName().startsWith("io.orrery.")
                || failure instanceof IllegalArgumentException
                || failure instanceof IOException;
    }
}
