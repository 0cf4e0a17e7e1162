package io.orrery.engine.ops;

import static io.orrery.engine.ops.Elements.add;
import static io.orrery.engine.ops.Elements.get;
import static io.orrery.engine.ops.Elements.set;

import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Scaled dot-product attention (Vaswani et al. 2017, equation 1), a query row and a head at a time. */
final class ScalarAttention {
    private final Batch batch;
    private final AttentionShape shape;

    ScalarAttention(Batch batch, AttentionShape shape) {
        this.batch = batch;
        this.shape = shape;
    }

    void forward(Tensor y, Tensor q, Tensor k, Tensor v) {
        for (int s = 0; s < batch.sequences(); s++) {
            for (int t = batch.starts()[s]; t < batch.starts()[s + 1]; t++) {
                for (int head = 0; head < shape.heads(); head++) {
                    double[] p = probabilities(q.segment(), k.segment(), s, t, head);
                    for (int i = 0; i < shape.headDim(); i++) {
                        double sum = 0;
                        for (int u = 0; u < p.length; u++) {
                            sum += p[u] * get(v.segment(), keyAt(s, u, head) + i);
                        }
                        set(y.segment(), queryAt(t, head) + i, sum);
                    }
                }
            }
        }
    }

    void backward(
            @Nullable Tensor dq, @Nullable Tensor dk, @Nullable Tensor dv, Tensor dy, Tensor q, Tensor k, Tensor v) {
        for (int s = 0; s < batch.sequences(); s++) {
            for (int t = batch.starts()[s]; t < batch.starts()[s + 1]; t++) {
                for (int head = 0; head < shape.heads(); head++) {
                    double[] p = probabilities(q.segment(), k.segment(), s, t, head);
                    double[] dScores = dScores(p, dy.segment(), v.segment(), s, t, head);
                    addScaled(dq, queryAt(t, head), dScores, k.segment(), s, head);
                    for (int u = 0; u < p.length; u++) {
                        addScaled(dk, keyAt(s, u, head), dScores[u], q.segment(), queryAt(t, head));
                        addScaled(dv, keyAt(s, u, head), p[u], dy.segment(), queryAt(t, head));
                    }
                }
            }
        }
    }

    /** p · (dp - Σ p · dp) · scale, where dp[u] = dy · v[u]. */
    private double[] dScores(double[] p, MemorySegment dy, MemorySegment v, int s, int t, int head) {
        double[] dScores = new double[p.length];
        double dot = 0;
        for (int u = 0; u < p.length; u++) {
            dScores[u] = p[u] == 0 ? 0 : dot(dy, queryAt(t, head), v, keyAt(s, u, head));
            dot += p[u] * dScores[u];
        }
        for (int u = 0; u < p.length; u++) {
            dScores[u] = p[u] * (dScores[u] - dot) * shape.scale();
        }
        return dScores;
    }

    private void addScaled(@Nullable Tensor dq, long at, double[] factors, MemorySegment k, int s, int head) {
        for (int i = 0; dq != null && i < shape.headDim(); i++) {
            double sum = 0;
            for (int u = 0; u < factors.length; u++) {
                sum += factors[u] * get(k, keyAt(s, u, head) + i);
            }
            add(dq.segment(), at + i, sum);
        }
    }

    private void addScaled(@Nullable Tensor to, long at, double factor, MemorySegment x, long from) {
        for (int i = 0; to != null && factor != 0 && i < shape.headDim(); i++) {
            add(to.segment(), at + i, factor * get(x, from + i));
        }
    }

    void look(Tensor p, Tensor q, Tensor k, int s) {
        int first = batch.starts()[s];
        int tokens = batch.starts()[s + 1] - first;
        int context = batch.contextLengths()[s];
        for (int head = 0; head < shape.heads(); head++) {
            for (int t = 0; t < tokens; t++) {
                double[] row = probabilities(q.segment(), k.segment(), s, first + t, head);
                for (int u = 0; u < context; u++) {
                    set(p.segment(), ((long) head * tokens + t) * context + u, row[u]);
                }
            }
        }
    }

    /** Of every key of the sequence, 0 where it is not seen. */
    private double[] probabilities(MemorySegment q, MemorySegment k, int s, int t, int head) {
        int context = batch.contextLengths()[s];
        int index = context - batch.starts()[s + 1] + t;
        double[] scores = new double[context];
        double max = Double.NEGATIVE_INFINITY;
        for (int u = 0; u < context; u++) {
            scores[u] = sees(index, u)
                    ? shape.scale() * dot(q, queryAt(t, head), k, keyAt(s, u, head))
                    : Double.NEGATIVE_INFINITY;
            max = Math.max(max, scores[u]);
        }
        double sum = 0;
        for (int u = 0; u < context; u++) {
            scores[u] = Math.exp(scores[u] - max);
            sum += scores[u];
        }
        for (int u = 0; u < context; u++) {
            scores[u] /= sum;
        }
        return scores;
    }

    private boolean sees(int index, int u) {
        return (!shape.causal() || u <= index) && (shape.window() == 0 || u > index - shape.window());
    }

    private double dot(MemorySegment a, long atA, MemorySegment b, long atB) {
        double sum = 0;
        for (int i = 0; i < shape.headDim(); i++) {
            sum += (double) get(a, atA + i) * get(b, atB + i);
        }
        return sum;
    }

    private long queryAt(int t, int head) {
        return ((long) t * shape.heads() + head) * shape.headDim();
    }

    private long keyAt(int s, int u, int head) {
        int kvHead = head / (shape.heads() / shape.kvHeads());
        return ((long) batch.slot(s, u) * shape.kvHeads() + kvHead) * shape.headDim();
    }
}
