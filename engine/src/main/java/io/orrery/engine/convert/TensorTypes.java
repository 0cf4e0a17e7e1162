package io.orrery.engine.convert;

import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Shape;

/**
 * Which type each tensor of a file gets. Stateful: a mix counts the tensors of a kind, so they have to come in the order of
 * their layers.
 *
 * <p>Source: llama.cpp {@code src/llama-quant.cpp}, {@code llama_tensor_get_type}, without an importance matrix and for dense
 * models, as of September 2026: older versions give fused projections and narrow rows other types.
 */
final class TensorTypes {
    private final Target target;
    private final Facts model;
    private int valuesSeen;
    private int downsSeen;

    /**
     * What the choice depends on.
     *
     * @param layers of the model
     * @param values tensors that hold values of an attention, fused or not
     * @param grouped query heads for each key head
     * @param hasHead whether the head is a tensor of its own
     * @param is70B whether the model is what llama.cpp calls 70B, whose values are few and so worth more bits
     */
    record Facts(int layers, int values, int grouped, boolean hasHead, boolean is70B) {}

    TensorTypes(Target target, Facts model) {
        this.target = target;
        this.model = model;
    }

    /** What a tensor becomes; its own type where it is not to be quantised. */
    DType of(String name, Shape shape, DType own) {
        if (!isQuantised(name, shape)) {
            return own;
        }
        boolean isBlock = target.mix().base().blockElements() > 1;
        return fitting(
                isBlock && !target.pure() ? mixed(name, shape) : target.mix().base(), shape);
    }

    private static boolean isQuantised(String name, Shape shape) {
        return name.endsWith("weight")
                && dimensions(shape) > 1
                && !name.contains("_norm.weight")
                && !name.contains("ffn_gate_inp.weight")
                && !name.equals("position_embd.weight")
                && !name.equals("token_types.weight");
    }

    /** Outer dimensions of 1 do not count. */
    private static long dimensions(Shape shape) {
        return shape.dims().stream().dropWhile(dim -> dim == 1).count();
    }

    private DType mixed(String name, Shape shape) {
        DType base = target.mix().base();
        if (name.equals("output.weight") || (!model.hasHead() && name.equals("token_embd.weight"))) {
            return shape.cols() % base.blockElements() != 0 || base == DType.Q8_0 ? DType.Q8_0 : DType.Q6_K;
        }
        if (name.contains("attn_v.weight") || name.contains("attn_qkv.weight")) {
            return values(base, valuesSeen++);
        }
        if (name.contains("ffn_down")) {
            return down(base, downsSeen++);
        }
        return name.contains("attn_output.weight") ? attentionOutput(base) : base;
    }

    private DType values(DType base, int seen) {
        DType type = switch (target.mix()) {
            case Q2_K -> model.grouped() >= 4 ? DType.Q4_K : DType.Q3_K;
            case Q3_K_M -> seen < 2 ? DType.Q5_K : DType.Q4_K;
            case Q3_K_L -> DType.Q5_K;
            case IQ4_NL, IQ4_XS -> model.grouped() >= 4 ? DType.Q5_K : base;
            case Q4_K_S -> seen < 4 ? DType.Q5_K : base;
            case Q4_K_M, Q5_K_M -> isWorthMore(seen, model.values()) ? DType.Q6_K : base;
            default -> base;
        };
        return model.is70B() && (type == DType.Q3_K || type == DType.Q4_K) ? DType.Q5_K : type;
    }

    private DType down(DType base, int seen) {
        int layers = model.layers();
        return switch (target.mix()) {
            case Q2_K -> DType.Q3_K;
            case Q3_K_M -> seen < layers / 16 ? DType.Q5_K : DType.Q4_K;
            case Q3_K_L -> DType.Q5_K;
            case IQ4_NL, IQ4_XS, Q4_K_S -> seen < layers / 8 ? DType.Q5_K : base;
            case Q4_K_M, Q5_K_M -> isWorthMore(seen, layers) ? DType.Q6_K : base;
            default -> base;
        };
    }

    private DType attentionOutput(DType base) {
        return switch (target.mix()) {
            case Q2_K -> DType.Q3_K;
            case Q3_K_M -> DType.Q4_K;
            case Q3_K_L -> DType.Q5_K;
            default -> base;
        };
    }

    /** The first and last eighth of the layers, and every third between. */
    private static boolean isWorthMore(int layer, int layers) {
        return layer < layers / 8 || layer >= 7 * layers / 8 || (layer - layers / 8) % 3 == 2;
    }

    /** Another type where rows do not fill whole blocks. */
    private static DType fitting(DType type, Shape shape) {
        if (shape.cols() % type.blockElements() == 0) {
            return type;
        }
        DType narrower = switch (type) {
            case Q2_K, Q3_K -> DType.Q4_0;
            case IQ4_XS -> DType.IQ4_NL;
            case Q4_K -> DType.Q5_0;
            case Q5_K -> DType.Q5_1;
            case Q6_K -> DType.Q8_0;
            default -> DType.F16;
        };
        return shape.cols() % narrower.blockElements() == 0 ? narrower : DType.F16;
    }
}
