package io.orrery.cli.tune;

import io.orrery.api.openai.FileObject;
import io.orrery.api.openai.FineTuningJob;
import io.orrery.cli.platform.Platform;
import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.terminal.OutputOptions;
import io.orrery.cli.terminal.ProgressBar;
import io.orrery.cli.terminal.Terminal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Submits a job from a file; data that lies beside it is looked through here and uploaded first. */
@Command(
        name = "submit",
        mixinStandardHelpOptions = true,
        description = {
            "Submits a job. FILE is the body of POST /v1/fine_tuning/jobs, key for key.",
            "  model: lab/tiny-llama",
            "  training_file: train.jsonl      # a path beside FILE is uploaded",
            "  suffix: animals",
            "  method:",
            "    type: supervised",
            "    supervised:",
            "      hyperparameters: {n_epochs: 3, lora: {rank: 16}}"
        },
        footer = {"", "Example: orrery tune submit job.yaml --watch"})
final class TuneSubmitCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The job, as YAML or JSON.")
    private Path file;

    @Option(names = "--watch", description = "Shows the job's progress until its end.")
    private boolean watch;

    @Mixin
    private PlatformOptions options;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Terminal terminal = Terminal.of(spec);
        JobFile job = JobFile.read(file);
        Map<String, Path> data = job.checkedData();
        try (Platform platform = options.connect()) {
            Map<String, String> ids = new LinkedHashMap<>();
            data.forEach((key, path) -> ids.put(key, upload(platform, path, terminal)));
            FineTuningJob submitted = platform.submit(job.request(ids));
            if (output.isJson()) {
                terminal.json(submitted);
            } else {
                terminal.line(submitted.id());
            }
            return watch ? new JobWatch(platform, terminal, output.isJson()).follow(submitted.id()) : 0;
        }
    }

    private static String upload(Platform platform, Path path, Terminal terminal) {
        try (ProgressBar progress = terminal.bytes("upload")) {
            return platform.upload(path, FileObject.FINE_TUNE, progress).id();
        }
    }
}
