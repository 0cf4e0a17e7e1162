package io.orrery.cli.repository;

import io.orrery.api.hub.CommitResult;
import io.orrery.cli.platform.Platform;
import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.terminal.OutputOptions;
import io.orrery.cli.terminal.ProgressBar;
import io.orrery.cli.terminal.Quantity;
import io.orrery.cli.terminal.Terminal;
import io.orrery.hub.CommitRequest;
import io.orrery.hub.Upload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Commits a folder's files to a repository, which is made where it is missing. */
@Command(
        name = "push",
        mixinStandardHelpOptions = true,
        description = "Uploads a folder (or file) as one commit; what the repository has already is not sent.",
        footer = {"", "Example: orrery push ./tiny-llama lab/tiny-llama --message \"First version\""})
public final class PushCommand implements Callable<Integer> {
    /** Folders that hold tools' own state and are no part of a model. */
    private static final Set<String> LEFT_OUT = Set.of(".git", ".cache", ".DS_Store");

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "DIR", description = "What to upload; folders .git and .cache are left out.")
    private Path source;

    @Parameters(index = "1", paramLabel = "REPO", description = "Where to, made if it is missing.")
    private String name;

    @Option(
            names = {"-m", "--message"},
            paramLabel = "TEXT",
            description = "The commit's message (default: Upload DIR).")
    private @Nullable String message;

    @Option(names = "--private", description = "Makes a missing repository visible to its owner only.")
    private boolean isPrivate;

    @Option(
            names = "--branch",
            defaultValue = "main",
            description = "A branch that exists (default: ${DEFAULT-VALUE}).")
    private String branch;

    @Mixin
    private TypeOptions type;

    @Mixin
    private PlatformOptions options;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() throws IOException {
        String repo = RepositoryName.parse(name).repo();
        Terminal terminal = Terminal.of(spec);
        List<Upload> uploads = uploads();
        terminal.note("hashing " + uploads.size() + " files (" + Quantity.bytes(size(uploads)) + ")");
        CommitRequest request = new CommitRequest(
                type.type(),
                repo,
                branch,
                message == null
                        ? "Upload " + source.toAbsolutePath().normalize().getFileName()
                        : message,
                uploads);
        CommitResult commit;
        try (Platform platform = options.connect();
                ProgressBar progress = terminal.bytes("push")) {
            platform.hub().createRepo(type.type(), repo, isPrivate, true);
            commit = platform.hub().commit(request, progress);
        }
        if (output.isJson()) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("repo", repo);
            answer.put("commit", commit.commitOid());
            answer.put("url", commit.commitUrl());
            terminal.json(answer);
        } else {
            terminal.line(commit.commitUrl());
        }
        return 0;
    }

    private List<Upload> uploads() throws IOException {
        if (Files.isRegularFile(source)) {
            return List.of(Upload.file(source.getFileName().toString(), source));
        }
        if (!Files.isDirectory(source)) {
            throw new IllegalArgumentException("there is no folder or file " + source + " to push");
        }
        List<Upload> uploads = new ArrayList<>();
        try (Stream<Path> files = Files.walk(source)) {
            files.filter(Files::isRegularFile).sorted().forEach(file -> {
                Path path = source.relativize(file);
                if (StreamSupport.stream(path.spliterator(), false)
                        .noneMatch(part -> LEFT_OUT.contains(part.toString()))) {
                    uploads.add(Upload.file(path.toString().replace('\\', '/'), file));
                }
            });
        }
        if (uploads.isEmpty()) {
            throw new IllegalArgumentException("there are no files in " + source + " to push");
        }
        return uploads;
    }

    private static long size(List<Upload> uploads) throws IOException {
        long size = 0;
        for (Upload upload : uploads) {
            size += upload instanceof Upload.OfFile file ? Files.size(file.source()) : 0;
        }
        return size;
    }
}
