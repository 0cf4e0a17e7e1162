package io.orrery.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A server that lives no longer than this JVM: the kernel signals it when the thread that started it is gone, and so it dies
 * with a {@code kill -9} too. The signal is tied to the thread, not the process (prctl(2), PR_SET_PDEATHSIG), hence the thread
 * of its own that waits as long as the server runs. Output goes to a file: a pipe would keep the server's callers waiting.
 */
final class ChildProcess implements AutoCloseable {
    private final String name;
    private final Process process;
    private final Path log;
    private final CountDownLatch stopped = new CountDownLatch(1);

    private ChildProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /** @param signalOnDeath name of the signal the server gets when this JVM is gone, such as {@code QUIT} */
    static ChildProcess start(
            String name, String signalOnDeath, List<String> command, Map<String, String> environment, Path log) {
        CompletableFuture<ChildProcess> started = new CompletableFuture<>();
        Thread.ofPlatform().name(name + "-keeper").daemon().start(() -> {
            try {
                ProcessBuilder builder = new ProcessBuilder(withDeathSignal(signalOnDeath, command))
                        .redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.from(
                                Path.of("/dev/null").toFile()))
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
                builder.environment().putAll(environment);
                ChildProcess child = new ChildProcess(name, builder.start(), log);
                started.complete(child);
                child.keep();
            } catch (IOException e) {
                started.completeExceptionally(
                        new StandaloneException(name + " cannot be started: " + e.getMessage(), e));
            }
        });
        return started.join();
    }

    /**
     * PostgreSQL refuses to run as root; in a user namespace of its own it does not see that it is root, and still owns its
     * files. The death signal is set last, since a change of credentials clears it.
     */
    static List<String> asUnprivileged(List<String> command) {
        if (!isRoot()) {
            return command;
        }
        List<String> wrapped = new ArrayList<>(List.of("unshare", "-U"));
        wrapped.addAll(command);
        return wrapped;
    }

    private static List<String> withDeathSignal(String signal, List<String> command) {
        if (!Files.isExecutable(Path.of("/usr/bin/setpriv"))) {
            return command;
        }
        List<String> wrapped = new ArrayList<>();
        List<String> rest = command;
        if (command.getFirst().equals("unshare")) {
            wrapped.addAll(command.subList(0, 2));
            rest = command.subList(2, command.size());
        }
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            // Ctrl-C goes to all processes of the terminal's group: the databases must outlive the services
            wrapped.add("/usr/bin/setsid");
        }
        wrapped.addAll(List.of("/usr/bin/setpriv", "--pdeathsig", signal));
        wrapped.addAll(rest);
        return wrapped;
    }

    private static boolean isRoot() {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tell who runs this process: /proc/self is not readable", e);
        }
    }

    private void keep() {
        boolean waiting = true;
        while (waiting) {
            try {
                process.waitFor();
                waiting = false;
            } catch (InterruptedException e) {
                // nobody else knows this thread; leaving it would end the server
                waiting = process.isAlive();
            }
        }
        stopped.countDown();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The sentence for a server that ended by itself, with the end of its log. */
    StandaloneException failure(String doing) {
        return new StandaloneException(name + " ended while " + doing + " (exit code " + process.exitValue()
                + "); the end of " + log + " says:\n" + lastLines());
    }

    private String lastLines() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
        } catch (IOException e) {
            return "(the log cannot be read: " + e.getMessage() + ")";
        }
    }

    /** Sends a signal by name, waits for the end, and kills what does not end. */
    void stop(String signal, Duration patience) {
        if (process.isAlive()) {
            try {
                new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                        .start()
                        .waitFor();
                if (!stopped.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                }
            } catch (IOException e) {
                process.destroyForcibly();
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        stop("TERM", Duration.ofSeconds(15));
    }
}
