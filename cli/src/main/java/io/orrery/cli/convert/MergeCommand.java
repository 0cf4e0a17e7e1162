package io.orrery.cli.convert;

import io.orrery.cli.model.ModelLocation;
import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.terminal.Terminal;
import io.orrery.engine.checkpoint.AtomicFolder;
import io.orrery.engine.convert.AdapterFile;
import io.orrery.engine.convert.GgufModel;
import io.orrery.engine.convert.HostModel;
import io.orrery.engine.convert.ToGguf;
import io.orrery.engine.convert.ToHub;
import io.orrery.engine.model.Merged;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A model with an adapter in its weights. */
@Command(
        name = "merge",
        mixinStandardHelpOptions = true,
        description = "Writes a model with a LoRA adapter merged into its weights, as a folder or a GGUF file.",
        footer = {"", "Example: orrery merge ./qwen3-0.6b ./animals ./qwen3-0.6b-animals"})
public final class MergeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "BASE", description = "A folder, a GGUF file or a repository.")
    private String base;

    @Parameters(index = "1", paramLabel = "ADAPTER", description = "A PEFT folder, a GGUF file or a repository.")
    private String adapter;

    @Parameters(index = "2", paramLabel = "OUT", description = "What to write: a file that ends in .gguf, or a folder.")
    private Path out;

    @Option(names = "--dtype", paramLabel = "TYPE", defaultValue = "AUTO", description = Numbers.DESCRIPTION)
    private Numbers numbers;

    @Mixin
    private Writing writing;

    @Mixin
    private PlatformOptions options;

    @Override
    public Integer call() throws IOException {
        Terminal terminal = Terminal.of(spec);
        writing.requireFree(out, numbers);
        Path lora = ModelLocation.of(adapter, options, terminal);
        try (ModelFiles files = ModelFiles.open(ModelLocation.of(base, options, terminal));
                AdapterFile opened = AdapterFile.open(lora, files.spec())) {
            DType dtype = numbers.dtype().orElseGet(() -> ToGguf.dtype(files.weights()));
            Merged merged = Merged.of(files.spec(), files.weights(), opened.tensors(), numbers.dtype());
            write(
                    files,
                    new HostModel(name(), merged.spec(), files.contextLength(), merged.weights()),
                    dtype,
                    terminal);
        }
        return 0;
    }

    private void write(ModelFiles files, HostModel model, DType dtype, Terminal terminal) throws IOException {
        if (Writing.isGguf(out)) {
            GgufModel gguf = ToGguf.of(model, dtype, ToGguf.tokenizer(files));
            gguf.losses().forEach(terminal::note);
            writing.write("merge", out, Writing.Work.of(files, write -> gguf.write(out, write)), terminal);
        } else {
            writing.write(
                    "merge",
                    out,
                    Writing.Work.of(
                            files,
                            write ->
                                    AtomicFolder.write(out, folder -> ToHub.write(files, model, folder, dtype, write))),
                    terminal);
        }
    }

    private String name() {
        return String.valueOf(out.toAbsolutePath().getFileName()).replaceFirst("\\.gguf$", "");
    }
}
