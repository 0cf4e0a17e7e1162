package io.orrery.registry.conversion;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** How a kind of conversion is made. Paths are those of the source's commit. */
sealed interface Recipe permits PickleRecipe, GgufRecipe, PlainRecipe {
    static Recipe of(Kind kind) {
        return switch (kind) {
            case SAFETENSORS -> new PickleRecipe();
            case GGUF, QUANTIZE -> new GgufRecipe(kind);
            case DEQUANTIZE -> new PlainRecipe();
        };
    }

    /**
     * The GGUF file that is read; empty where it is a folder.
     *
     * @throws io.orrery.registry.wire.HubProblem where the source does not have what is needed
     */
    Optional<String> file(List<String> paths, Optional<String> asked);

    /** What has to be at hand. */
    default List<String> inputs(List<String> paths, Optional<String> file) {
        return file.map(name -> SourceFiles.parts(paths, name)).orElseGet(() -> SourceFiles.ofModel(paths));
    }

    /** What the result gets as it is. */
    default List<String> carried(List<String> paths) {
        return SourceFiles.terms(paths);
    }

    /** Fills the folder of the result. */
    void make(Bench bench) throws IOException;

    /**
     * Where it is made.
     *
     * @param source folder with the inputs
     * @param result empty folder
     */
    record Bench(Order order, Path source, Path result, Tally tally, Room room) {}

    /** Refuses what would not fit. */
    @FunctionalInterface
    interface Room {
        void require(long bytes) throws IOException;
    }
}
