package io.orrery.cli.convert;

import io.orrery.cli.model.ModelLocation;
import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.terminal.Terminal;
import io.orrery.engine.checkpoint.gguf.GgufFile;
import io.orrery.engine.convert.GgufModel;
import io.orrery.engine.convert.Quantization;
import io.orrery.engine.convert.Target;
import io.orrery.engine.convert.ToGguf;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A model as a GGUF file of other types. */
@Command(
        name = "quantize",
        mixinStandardHelpOptions = true,
        description = {
            "Writes a model as a GGUF file of another type, with the bytes that llama-quantize writes.",
            "A type makes every matrix of it: F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS.",
            "A mix gives the more important tensors more bits: Q3_K_S, Q3_K_M, Q3_K_L, Q4_K_S, Q4_K_M, Q5_K_S, Q5_K_M."
        },
        footer = {"", "Example: orrery quantize ./qwen3-0.6b ./qwen3-0.6b-q4_k_m.gguf Q4_K_M"})
public final class QuantizeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "IN", description = "A GGUF file, a folder or a repository.")
    private String model;

    @Parameters(index = "1", paramLabel = "OUT", description = "What to write: a file that ends in .gguf.")
    private Path out;

    @Parameters(index = "2", paramLabel = "TYPE", description = "A type or a mix, in any case.")
    private String type;

    @Option(
            names = "--mix",
            description = "Takes llama-quantize's mix also where the name is that of a type: Q2_K, Q4_0, IQ4_XS, ...")
    private boolean mixed;

    @Option(names = "--allow-requantize", description = "Takes also tensors that are quantised already.")
    private boolean again;

    @Mixin
    private Writing writing;

    @Mixin
    private PlatformOptions options;

    @Override
    public Integer call() throws IOException {
        Terminal terminal = Terminal.of(spec);
        Target target = Target.named(type, mixed);
        if (!Writing.isGguf(out)) {
            throw new IllegalArgumentException("quantised models are GGUF files; " + out + " does not end in .gguf");
        }
        writing.requireFree(out, Numbers.AUTO);
        Path path = ModelLocation.of(model, options, terminal);
        if (Files.isRegularFile(path)) {
            try (GgufFile file = GgufFile.open(path)) {
                GgufModel from = GgufModel.of(file);
                GgufModel to = Quantization.of(from, target, again);
                write(
                        to,
                        new Writing.Work(from.tensorBytes(), from.elements(), write -> to.write(out, write)),
                        terminal);
            }
        } else {
            try (ModelFiles files = ModelFiles.open(path)) {
                // in single precision, which nothing that is quantised already is rounded by on the way
                GgufModel to = Quantization.of(ToGguf.of(files, Optional.of(DType.F32)), target, again);
                write(to, Writing.Work.of(files, write -> to.write(out, write)), terminal);
            }
        }
        return 0;
    }

    private void write(GgufModel to, Writing.Work work, Terminal terminal) throws IOException {
        to.losses().forEach(terminal::note);
        writing.write("quantize", out, work, terminal);
    }
}
