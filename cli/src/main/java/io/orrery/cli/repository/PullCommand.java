package io.orrery.cli.repository;

import io.orrery.cli.platform.Platform;
import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.terminal.OutputOptions;
import io.orrery.cli.terminal.ProgressBar;
import io.orrery.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Downloads a revision into the cache, from where an earlier try ended, and on demand copies it to a folder. */
@Command(
        name = "pull",
        mixinStandardHelpOptions = true,
        description = "Downloads a repository; a download that was cut off goes on where it ended.",
        footer = {"", "Example: orrery pull lab/tiny-llama@main --to ./tiny-llama"})
public final class PullCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "REPO[@REV]", description = "What to download.")
    private String name;

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description = "Folder to copy the files to; without it they stay in the cache.")
    private @Nullable Path to;

    @Mixin
    private TypeOptions type;

    @Mixin
    private PlatformOptions options;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() throws IOException {
        RepositoryName repository = RepositoryName.parse(name);
        Terminal terminal = Terminal.of(spec);
        Path snapshot;
        try (Platform platform = options.connect();
                ProgressBar progress = terminal.bytes("pull")) {
            snapshot = platform.hub()
                    .snapshot(type.type(), repository.repo(), repository.revision(), options.cache(), progress);
        }
        Path folder = to == null ? snapshot : copied(snapshot, to);
        if (output.isJson()) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("repo", repository.repo());
            answer.put("commit", String.valueOf(snapshot.getFileName()));
            answer.put("path", folder.toString());
            terminal.json(answer);
        } else {
            terminal.line(folder.toString());
        }
        return 0;
    }

    /** Files of the cache are linked between snapshots; a folder of the user's own gets copies that may be changed. */
    private static Path copied(Path snapshot, Path to) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(snapshot)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            Path target = to.resolve(snapshot.relativize(file).toString());
            Files.createDirectories(target.toAbsolutePath().getParent());
            if (!Files.exists(target) || Files.mismatch(file, target) >= 0) {
                Path beside = target.resolveSibling(target.getFileName() + ".incomplete");
                Files.copy(file, beside, StandardCopyOption.REPLACE_EXISTING);
                Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return to.toAbsolutePath().normalize();
    }
}
