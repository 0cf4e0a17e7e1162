package io.orrery.registry.conversion;

import io.orrery.engine.convert.HostModel;
import io.orrery.engine.convert.ToHub;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A GGUF file or a folder, quantised or not, as a folder of plain numbers. */
record PlainRecipe() implements Recipe {
    @Override
    public Optional<String> file(List<String> paths, Optional<String> asked) {
        return asked.isEmpty() && SourceFiles.hasModel(paths)
                ? Optional.empty()
                : Optional.of(SourceFiles.gguf(paths, asked));
    }

    @Override
    public void make(Bench bench) throws IOException {
        DType dtype = DType.valueOf(bench.order().type().orElseThrow());
        try (ModelFiles files = ModelFiles.open(
                bench.order().source().file().map(bench.source()::resolve).orElse(bench.source()))) {
            HostModel model = HostModel.of(files);
            long bytes = model.weights().values().stream()
                    .mapToLong(Tensor::elements)
                    .map(dtype::bytes)
                    .sum();
            bench.room().require(bytes);
            bench.tally().begin("converting", model.weights().size(), bytes);
            ToHub.write(files, model, bench.result(), dtype, bench.tally().writing(0));
        }
    }
}
