package io.orrery.cli.model;

import io.orrery.api.hub.RepoInfo;
import io.orrery.api.hub.RepoType;
import io.orrery.cli.platform.Platform;
import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.repository.Descriptions;
import io.orrery.cli.repository.RepositoryName;
import io.orrery.cli.terminal.OutputOptions;
import io.orrery.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a file's header says about a model, or what the registry found in a repository; weights are not read. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description =
                "Shows what is in a model: format, architecture, parameters, tensors, tokenizer, template, findings.",
        footer = {"", "Example: orrery inspect ./model.gguf --json", "         orrery inspect lab/tiny-llama@main"})
public final class InspectCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "REPO[@REV]|FILE|FOLDER", description = "What to look into.")
    private String target;

    @Option(names = "--dataset", description = "The repository is a data set, not a model.")
    private boolean dataset;

    @Option(names = "--tensors", description = "Every tensor by itself, where layers are alike too.")
    private boolean everyTensor;

    @Option(names = "--template", description = "The whole chat template, not its first lines alone.")
    private boolean wholeTemplate;

    @Mixin
    private PlatformOptions options;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() throws IOException {
        Terminal terminal = Terminal.of(spec);
        if (ModelLocation.isLocal(target)) {
            return local(Path.of(target), terminal);
        }
        if (ModelLocation.looksLikeAPath(target)) {
            throw new IllegalArgumentException("there is no file or folder " + target);
        }
        RepositoryName repository = RepositoryName.parse(target);
        RepoInfo info;
        try (Platform platform = options.connect()) {
            info = platform.hub()
                    .info(dataset ? RepoType.DATASET : RepoType.MODEL, repository.repo(), repository.revision());
        }
        if (output.isJson()) {
            terminal.json(info);
        } else {
            Descriptions.lines(info).forEach(terminal::line);
        }
        return 0;
    }

    private int local(Path path, Terminal terminal) throws IOException {
        List<FileFacts> files = FileFacts.of(path);
        boolean isReadable = files.stream().allMatch(file -> file.finding().isEmpty());
        boolean hasText = Files.isDirectory(path) || files.getFirst().format().equals("gguf");
        Optional<TextFacts> text = hasText && isReadable ? Optional.of(TextFacts.of(path)) : Optional.empty();
        if (output.isJson()) {
            files.forEach(file -> terminal.json(file.toJson()));
            text.map(facts -> facts.toJson(path))
                    .filter(json -> json.size() > 2)
                    .ifPresent(terminal::json);
        } else {
            files.forEach(file -> file.lines(everyTensor).forEach(terminal::line));
            text.ifPresent(facts -> facts.lines(wholeTemplate).forEach(terminal::line));
        }
        return isReadable && text.flatMap(TextFacts::finding).isEmpty() ? 0 : 1;
    }
}
