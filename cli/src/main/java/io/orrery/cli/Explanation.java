package io.orrery.cli;

import io.orrery.hub.HubException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What a failure says to a person: the sentence it carries, or the whole trace where it was not foreseen. */
final class Explanation {
    private Explanation() {}

    static String of(Throwable failure) {
        return switch (failure) {
            case UncheckedIOException e when e.getCause() != null -> of(e.getCause());
            case ConnectException _ -> "nobody answers there; is the platform up? Start it with: orrery up";
            case HubException e
            when e.code().equals(HubException.UNREACHABLE) -> e.getMessage() + " A platform is started with: orrery up";
            case InterruptedException _ -> "stopped";
            case NoSuchFileException e -> "there is no " + e.getFile();
            case AccessDeniedException e -> e.getFile() + " may not be read or written by this user";
            case FileSystemException e -> e.getFile() + ": " + (e.getReason() == null ? e.toString() : e.getReason());
            default -> failure.getMessage() != null && isOurs(failure) ? failure.getMessage() : trace(failure);
        };
    }

    private static String trace(Throwable failure) {
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
