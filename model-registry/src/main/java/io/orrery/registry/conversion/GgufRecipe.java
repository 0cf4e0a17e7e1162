package io.orrery.registry.conversion;

import io.orrery.engine.checkpoint.gguf.GgufFile;
import io.orrery.engine.convert.GgufModel;
import io.orrery.engine.convert.Mix;
import io.orrery.engine.convert.Quantization;
import io.orrery.engine.convert.Target;
import io.orrery.engine.convert.ToGguf;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.tensor.DType;
import io.orrery.registry.wire.HubProblem;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A folder or a GGUF file as a GGUF file, with the bytes that llama-quantize writes. */
record GgufRecipe(Kind kind) implements Recipe {
    private static final Set<Mix> PLAIN = EnumSet.of(Mix.F32, Mix.F16, Mix.BF16);

    @Override
    public Optional<String> file(List<String> paths, Optional<String> asked) {
        if (kind == Kind.QUANTIZE) {
            return Optional.of(SourceFiles.gguf(paths, asked));
        }
        if (asked.isPresent() || !SourceFiles.hasModel(paths)) {
            throw HubProblem.badRequest("gguf converts a folder with config.json and weights in safetensors or pickles,"
                    + " and " + (asked.isPresent() ? "takes no file" : "the source has none")
                    + "; the kind quantize converts GGUF files");
        }
        return Optional.empty();
    }

    @Override
    public void make(Bench bench) throws IOException {
        Target target = Kind.target(bench.order().type().orElseThrow());
        Optional<String> file = bench.order().source().file();
        if (file.isPresent()) {
            try (GgufFile gguf = GgufFile.open(bench.source().resolve(file.get()))) {
                write(
                        bench,
                        Quantization.of(
                                GgufModel.of(gguf), target, bench.order().allowRequantize()));
            }
        } else {
            try (ModelFiles files = ModelFiles.open(bench.source())) {
                write(bench, fromFolder(files, target, bench.order().allowRequantize()));
            }
        }
    }

    private static GgufModel fromFolder(ModelFiles files, Target target, boolean again) {
        return PLAIN.contains(target.mix())
                ? ToGguf.of(files, Optional.of(target.mix().base()))
                // in single precision, which nothing is rounded by on the way
                : Quantization.of(ToGguf.of(files, Optional.of(DType.F32)), target, again);
    }

    private static void write(Bench bench, GgufModel model) throws IOException {
        Order order = bench.order();
        bench.room().require(model.tensorBytes());
        bench.tally().begin("converting", model.tensors().size(), model.tensorBytes());
        String name = Kind.plainName(order.source().name()) + "-" + order.type().orElseThrow() + ".gguf";
        model.write(bench.result().resolve(name), bench.tally().writing(0));
    }
}
