package io.orrery.engine.model;

import io.orrery.engine.model.ModelSpec.Attention;
import io.orrery.engine.model.ModelSpec.QkNorm;
import io.orrery.engine.ops.AttentionShape;
import io.orrery.engine.ops.Batch;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.Tensor;
import java.util.Optional;

/** Grouped-query attention: over the cache where the step has one, over the step's own keys where not. */
final class AttentionBlock implements Block {
    private final int layer;
    private final QueryKeyValue projections;
    private final Projection output;
    private final Optional<Normalisation> queryNorm;
    private final Optional<Normalisation> keyNorm;
    private final Optional<Rotary> rotary;
    private final AttentionShape shape;

    /** @param rotary the rotation, one object wherever it is the same; empty where there is none */
    AttentionBlock(String name, int layer, Attention spec, NamedWeights weights, Optional<Rotary> rotary) {
        this.layer = layer;
        this.projections = QueryKeyValue.of(name, spec, weights);
        this.output = weights.projection(name + "_output");
        this.queryNorm = headNorm(name + "_q_norm", spec.qkNorm(), weights);
        this.keyNorm = headNorm(name + "_k_norm", spec.qkNorm(), weights);
        this.rotary = rotary;
        this.shape = shape(spec);
    }

    private static Optional<Normalisation> headNorm(String name, QkNorm norm, NamedWeights weights) {
        return switch (norm) {
            case QkNorm.None _ -> Optional.empty();
            case QkNorm.PerHead perHead -> Optional.of(weights.norm(name, perHead.norm()));
        };
    }

    private static AttentionShape shape(Attention spec) {
        return new AttentionShape(
                spec.heads().query(),
                spec.heads().kv(),
                spec.heads().dim(),
                spec.scale(),
                spec.mask().causal(),
                spec.mask().window());
    }

    @Override
    public Tensor apply(Tensor x, Step step) {
        QueryKeyValue.Rows rows = projections.apply(x, step);
        Tensor q = rotated(rows.query(), queryNorm, step);
        Tensor k = rotated(rows.key(), keyNorm, step);
        Tensor v = rows.value();
        Tensor y = step.empty(q.rows(), q.cols());
        if (step.cache().isPresent()) {
            cached(y, q, k, v, step.cache().get(), step);
        } else {
            own(y, q, k, v, step);
        }
        return output.apply(y, step);
    }

    private Tensor rotated(Tensor projected, Optional<Normalisation> norm, Step step) {
        Tensor normed = norm.isPresent() ? norm.get().apply(projected, step) : projected;
        if (rotary.isEmpty()) {
            return normed;
        }
        Tensor angles = step.angles(rotary.get());
        // rotated where it lies, under an identity of its own: values before the rotation are not needed on the way
        // back
        Tensor y = normed.reshape(normed.rows(), normed.cols());
        step.ops().rope(y, normed, angles, shape.headDim(), 1);
        Tape tape = step.tape();
        tape.record(() -> step.ops().rope(tape.gradient(normed), tape.gradient(y), angles, shape.headDim(), -1));
        return y;
    }

    private void cached(Tensor y, Tensor q, Tensor k, Tensor v, KeyValueCache cache, Step step) {
        Tensor keys = cache.keys(layer);
        Tensor values = cache.values(layer);
        int[] slots = step.batch().slots();
        step.ops().store(keys, k, slots);
        step.ops().store(values, v, slots);
        step.ops().attention(y, q, keys, values, step.batch(), shape);
        observe(q, keys, step);
    }

    private void own(Tensor y, Tensor q, Tensor k, Tensor v, Step step) {
        Tape tape = step.tape();
        step.ops().attention(y, q, k, v, step.batch(), shape);
        observe(q, k, step);
        tape.record(() -> step.ops()
                .attentionBackward(
                        tape.gradient(q),
                        tape.gradient(k),
                        tape.gradient(v),
                        tape.gradient(y),
                        q,
                        k,
                        v,
                        step.batch(),
                        shape));
    }

    private void observe(Tensor q, Tensor keys, Step step) {
        Observer observer = step.observer();
        if (!observer.wantsAttention(layer)) {
            return;
        }
        Batch batch = step.batch();
        for (int s = 0; s < batch.sequences(); s++) {
            int tokens = batch.starts()[s + 1] - batch.starts()[s];
            Tensor probabilities = step.empty((long) shape.heads() * tokens, batch.contextLengths()[s]);
            step.ops().attentionProbabilities(probabilities, q, keys, batch, s, shape);
            observer.attention(layer, s, probabilities);
        }
    }
}
