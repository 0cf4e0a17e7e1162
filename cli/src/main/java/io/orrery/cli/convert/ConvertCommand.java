package io.orrery.cli.convert;

import io.orrery.cli.model.ModelLocation;
import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.terminal.Terminal;
import io.orrery.engine.checkpoint.AtomicFolder;
import io.orrery.engine.checkpoint.WriteOptions;
import io.orrery.engine.convert.GgufModel;
import io.orrery.engine.convert.ToGguf;
import io.orrery.engine.convert.ToHub;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A Hugging Face folder as a GGUF file, or the other way round. */
@Command(
        name = "convert",
        mixinStandardHelpOptions = true,
        description = "Writes a Hugging Face model as a GGUF file, or a GGUF file as a Hugging Face folder.",
        footer = {
            "",
            "Example: orrery convert ./qwen3-0.6b ./qwen3-0.6b.gguf --dtype bf16",
            "         orrery convert ./qwen3-0.6b.gguf ./qwen3-0.6b-again"
        })
public final class ConvertCommand implements Callable<Integer> {
    /** What matrices are stored in; everything else stays F32 in GGUF files. */
    enum Numbers {
        AUTO,
        F32,
        F16,
        BF16,
        Q8_0;

        Optional<DType> dtype() {
            return this == AUTO ? Optional.empty() : Optional.of(DType.valueOf(name()));
        }
    }

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "AUTO",
            description =
                    "auto, f32, f16, bf16, or q8_0 in a GGUF file (default: the model's own, bf16 where it is quantised).")
    private Numbers numbers;

    @Mixin
    private InputOutput paths;

    @Mixin
    private PlatformOptions options;

    @Override
    public Integer call() throws IOException {
        Terminal terminal = Terminal.of(spec);
        paths.requireFree();
        try (ModelFiles files = ModelFiles.open(ModelLocation.of(paths.model(), options, terminal))) {
            if (paths.isGguf()) {
                GgufModel gguf = ToGguf.of(files, numbers.dtype());
                gguf.losses().forEach(terminal::note);
                write(files, write -> gguf.write(paths.path(), write), terminal);
            } else {
                requirePlain();
                write(
                        files,
                        write -> AtomicFolder.write(
                                paths.path(), folder -> ToHub.write(files, folder, numbers.dtype(), write)),
                        terminal);
            }
        }
        return 0;
    }

    private void requirePlain() {
        if (numbers == Numbers.Q8_0) {
            throw new IllegalArgumentException(
                    "a Hugging Face folder cannot hold q8_0; write f32, f16 or bf16, or a file that ends in .gguf");
        }
    }

    private void write(ModelFiles files, Consumer<WriteOptions> write, Terminal terminal) throws IOException {
        long bytes = 0;
        long elements = 0;
        for (Tensor tensor : files.weights().values()) {
            bytes += tensor.dtype().bytes(tensor.elements());
            elements += tensor.elements();
        }
        paths.write("convert", new InputOutput.Work(bytes, elements, write), terminal);
    }
}
