package io.orrery.cli.convert;

import io.orrery.api.hub.Conversion;
import io.orrery.api.hub.ConversionRequest;
import io.orrery.cli.platform.Platform;
import io.orrery.cli.repository.RepositoryName;
import io.orrery.cli.terminal.ProgressBar;
import io.orrery.cli.terminal.Terminal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a repository is converted by the platform, into another repository. */
final class OnPlatform {
    private static final Duration INTERVAL = Duration.ofMillis(500);

    @Option(
            names = "--to",
            paramLabel = "KIND",
            description = "Converts a repository on the platform: gguf, quantize, dequantize or safetensors.")
    private @Nullable String kind;

    @Option(names = "--type", paramLabel = "TYPE", description = "With --to: the type or mix, as Q8_0 or Q4_K_M.")
    private @Nullable String type;

    @Option(
            names = "--into",
            paramLabel = "REPO",
            description = "With --to: the repository that gets the result (default: named after source and type).")
    private @Nullable String into;

    @Option(names = "--file", paramLabel = "FILE", description = "With --to: the GGUF file, where there are several.")
    private @Nullable String file;

    @Option(names = "--private", description = "With --to: makes a new repository private.")
    private boolean isPrivate;

    @Option(names = "--allow-requantize", description = "With --to: takes also tensors that are quantised already.")
    private boolean again;

    @Option(names = "--wait", description = "With --to: shows how far it is until it has ended.")
    private boolean wait;

    boolean isAsked() {
        return kind != null;
    }

    /** Refuses what only a conversion on the platform knows. */
    void requireNothingElse() {
        if (type != null || into != null || file != null || isPrivate || again || wait) {
            throw new IllegalArgumentException(
                    "--type, --into, --file, --private, --allow-requantize and --wait are for"
                            + " conversions on the platform; say --to KIND too");
        }
    }

    /** @return 0 where it was taken, with --wait where it succeeded, else 1 */
    int run(String repository, Platform platform, Terminal terminal, boolean json) {
        RepositoryName source = RepositoryName.parse(repository);
        Conversion asked = platform.convert(new ConversionRequest(
                source.repo(),
                source.revision(),
                file,
                into,
                String.valueOf(kind),
                type,
                isPrivate ? Boolean.TRUE : null,
                again ? Boolean.TRUE : null));
        show(asked, terminal, json);
        if (!wait) {
            return 0;
        }
        Conversion ended = untilEnd(asked, platform, terminal);
        show(ended, terminal, json);
        return ended.hasSucceeded() ? 0 : 1;
    }

    private static void show(Conversion conversion, Terminal terminal, boolean json) {
        if (json) {
            terminal.json(conversion);
        } else if (conversion.hasEnded()) {
            terminal.line(
                    conversion.hasSucceeded()
                            ? "succeeded: " + conversion.target() + "@" + conversion.commit()
                            : conversion.state() + (conversion.error() == null ? "" : ": " + conversion.error()));
        } else {
            terminal.line(conversion.id() + " -> " + conversion.target());
        }
    }

    private static Conversion untilEnd(Conversion asked, Platform platform, Terminal terminal) {
        Conversion conversion = asked;
        try (ProgressBar bar = terminal.bytes("convert")) {
            while (!conversion.hasEnded()) {
                pause();
                conversion = platform.conversion(asked.id());
                Conversion.Progress at = conversion.progress();
                if (at.totalBytes() > 0) {
                    bar.report(
                            at.stage() + " " + at.tensors() + " of " + at.totalTensors() + " tensors",
                            at.bytes(),
                            at.totalBytes());
                }
            }
        }
        return conversion;
    }

    private static void pause() {
        try {
            Thread.sleep(INTERVAL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a conversion, which goes on", e);
        }
    }
}
