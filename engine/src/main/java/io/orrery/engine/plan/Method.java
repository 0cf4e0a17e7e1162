package io.orrery.engine.plan;

import java.util.List;

/** What of a model is trained. */
public sealed interface Method {
    String name();

    /** Every weight, in BF16. */
    record Full() implements Method {
        @Override
        public String name() {
            return "full";
        }
    }

    /**
     * Low-rank pairs in F32 beside weights that stay as they are.
     *
     * @param name {@code lora}, or {@code qlora} where the weights are quantised
     * @param base how the weights are stored
     * @param modules projections by their last names, such as {@code q_proj}; empty for all of the layers
     */
    record Lora(String name, WeightFormat base, int rank, List<String> modules) implements Method {
        public Lora {
            Sizes.requirePositive("rank", rank);
            modules = List.copyOf(modules);
        }

        /** Over BF16, all projections. */
        public static Lora ofRank(int rank) {
            return new Lora("lora", WeightFormats.BF16, rank, List.of());
        }

        /** Over NF4, all projections. */
        public static Lora quantised(int rank) {
            return new Lora("qlora", WeightFormats.NF4, rank, List.of());
        }

        public Lora over(WeightFormat other) {
            return new Lora(name, other, rank, modules);
        }

        public Lora beside(List<String> others) {
            return new Lora(name, base, rank, others);
        }
    }

    /** {@code full}, {@code lora} or {@code qlora}. @throws IllegalArgumentException for any other name */
    static Method named(String name, int rank) {
        return switch (name) {
            case "full" -> new Full();
            case "lora" -> Lora.ofRank(rank);
            case "qlora" -> Lora.quantised(rank);
            default ->
                throw new IllegalArgumentException("there is no method '" + name + "'; there are full, lora, qlora");
        };
    }
}
