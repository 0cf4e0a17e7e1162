package io.orrery.cli.convert;

import io.orrery.cli.model.ModelLocation;
import io.orrery.cli.platform.Platform;
import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.terminal.Terminal;
import io.orrery.engine.checkpoint.AtomicFolder;
import io.orrery.engine.checkpoint.peft.PeftAdapter;
import io.orrery.engine.convert.AdapterToGguf;
import io.orrery.engine.convert.GgufModel;
import io.orrery.engine.convert.ToGguf;
import io.orrery.engine.convert.ToHub;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A Hugging Face folder as a GGUF file, or the other way round; a LoRA adapter as a GGUF file. */
@Command(
        name = "convert",
        mixinStandardHelpOptions = true,
        description = {
            "Writes a Hugging Face model as a GGUF file, or a GGUF file as a Hugging Face folder.",
            "With --to the platform converts a repository into another one."
        },
        footer = {
            "",
            "Example: orrery convert ./qwen3-0.6b ./qwen3-0.6b.gguf --dtype bf16",
            "         orrery convert ./qwen3-0.6b.gguf ./qwen3-0.6b-again",
            "         orrery convert ./animals ./animals.gguf --base ./qwen3-0.6b",
            "         orrery convert lab/qwen3-0.6b --to gguf --type Q8_0 --wait"
        })
public final class ConvertCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "IN", description = "A folder, a GGUF file or a repository.")
    private String model;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "OUT",
            description = "What to write: a file that ends in .gguf, or a folder.")
    private @Nullable Path given;

    @Option(names = "--dtype", paramLabel = "TYPE", defaultValue = "AUTO", description = Numbers.DESCRIPTION)
    private Numbers numbers;

    @Option(names = "--base", paramLabel = "MODEL", description = "IN is a LoRA adapter for this model.")
    private @Nullable String base;

    @Mixin
    private OnPlatform onPlatform;

    @Mixin
    private Writing writing;

    @Mixin
    private PlatformOptions options;

    @Override
    public Integer call() throws IOException {
        Terminal terminal = Terminal.of(spec);
        if (onPlatform.isAsked()) {
            return onPlatform(terminal);
        }
        onPlatform.requireNothingElse();
        if (given == null) {
            throw new IllegalArgumentException("OUT is missing, the file or folder to write; or say --to KIND, for a"
                    + " repository that the platform converts");
        }
        writing.requireFree(given, numbers);
        Path in = ModelLocation.of(model, options, terminal);
        if (base == null) {
            model(in, given, terminal);
        } else {
            adapter(in, ModelLocation.of(base, options, terminal), given, terminal);
        }
        return 0;
    }

    private int onPlatform(Terminal terminal) {
        if (given != null || base != null) {
            throw new IllegalArgumentException("with --to the result is a repository, which --into names; leave out "
                    + (given != null ? given : "--base"));
        }
        try (Platform platform = options.connect()) {
            return onPlatform.run(model, platform, terminal, writing.isJson());
        }
    }

    private void model(Path in, Path out, Terminal terminal) throws IOException {
        try (ModelFiles files = ModelFiles.open(in)) {
            if (Writing.isGguf(out)) {
                GgufModel gguf = ToGguf.of(files, numbers.dtype());
                gguf.losses().forEach(terminal::note);
                writing.write("convert", out, Writing.Work.of(files, write -> gguf.write(out, write)), terminal);
            } else {
                Writing.Work work = Writing.Work.of(
                        files,
                        write -> AtomicFolder.write(out, folder -> ToHub.write(files, folder, numbers.dtype(), write)));
                writing.write("convert", out, work, terminal);
            }
        }
    }

    private void adapter(Path in, Path model, Path out, Terminal terminal) throws IOException {
        if (!Writing.isGguf(out)) {
            throw new IllegalArgumentException("a PEFT adapter becomes a GGUF file; " + out + " does not end in .gguf");
        }
        try (ModelFiles files = ModelFiles.open(model);
                PeftAdapter peft = PeftAdapter.open(in)) {
            DType dtype = numbers.dtype().orElse(DType.F32);
            String name = String.valueOf(in.toAbsolutePath().getFileName());
            GgufModel gguf = AdapterToGguf.of(peft.tensors(), files.spec(), name, dtype);
            Writing.Work work = new Writing.Work(gguf.tensorBytes(), gguf.elements(), write -> gguf.write(out, write));
            writing.write("convert", out, work, terminal);
        }
    }
}
