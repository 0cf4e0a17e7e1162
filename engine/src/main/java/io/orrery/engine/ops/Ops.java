package io.orrery.engine.ops;

import io.orrery.engine.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operations that a transformer is made of, at the grain of one kernel each: a device implements this and nothing more.
 * T is tokens in the batch, I and O the in and out features of a projection. Activations and gradients are F32.
 *
 * <p>Every forward has its backward beside it, that <em>adds</em> to the gradients it is handed; a null gradient is not
 * wanted (a frozen weight). Forwards overwrite their output, which never aliases an input, unless said otherwise.
 * {@code ScalarOps} is the meaning of every operation.
 *
 * <p>A row's result depends on that row alone, in an order of summation fixed by its own length: it is bitwise the same
 * whatever else stands in the batch.
 *
 * <p>Confined to one thread, the one that owns the device.
 */
public interface Ops extends AutoCloseable {
    /** Which target to skip in {@link #crossEntropy}: prompt tokens, and the last token of a sequence. */
    int IGNORED = -100;

    /** Name for people, such as {@code cpu (avx512, 2 threads)}. */
    String device();

    Workspace workspace();

    /** Memory that stays until {@link #free} or {@link #close}: caches, gradients of weights, optimiser state. F32, all zero. */
    Tensor persistent(long... dims);

    /**
     * Brings a weight of any dtype from host memory into this device's own layout. The result serves as {@code w} of
     * {@link #linear} and as table of {@link #gather}; only {@link #read} shows its values.
     */
    Tensor pack(Tensor host);

    /** Copies F32 values onto the device, as a trainable (F32, row-major) tensor that stays until {@link #close}. */
    default Tensor upload(float[] values, long... dims) {
        Tensor tensor = persistent(dims);
        write(tensor, values);
        return tensor;
    }

    /**
     * Gives the memory of a tensor of {@link #persistent}, {@link #upload} or {@link #pack} back before {@link #close} does;
     * neither it nor any view of it may be used any more.
     *
     * @throws IllegalArgumentException where it is none of these, or was freed before
     */
    void free(Tensor persistentOrPacked);

    void write(Tensor to, float[] values);

    /** The values as F32, dequantised where the tensor is quantised. */
    float[] read(Tensor from);

    void zero(Tensor x);

    /** y[i, :] = x[rows[i], :]: embedding look-up (dequantised), picking rows. */
    void gather(Tensor y, Tensor x, int[] rows);

    /** y[rows[i], :] += x[i, :]: the backward of {@link #gather}. Rows may repeat; they are added in order of i. */
    void scatterAdd(Tensor y, Tensor x, int[] rows);

    /** y[rows[i], :] = x[i, :]: this step's keys and values into the cache. Rows do not repeat. */
    void store(Tensor y, Tensor x, int[] rows);

    /** y[T, O] = x[T, I] · wᵀ[O, I] (+ b[O]). */
    void linear(Tensor y, Tensor x, Tensor w, @Nullable Tensor b);

    /** {@link #linear} for each of several outputs of one input, of which no device has to make what it multiplies by twice. */
    default void linears(List<LinearOutput> outputs, Tensor x) {
        outputs.forEach(output -> linear(output.y(), x, output.w(), output.b()));
    }

    /** dx += dy · w; dw += dyᵀ · x; db += column sums of dy. */
    void linearBackward(@Nullable Tensor dx, @Nullable Tensor dw, @Nullable Tensor db, Tensor dy, Tensor x, Tensor w);

    /** y = x / rms(x) * (w + offset), over groups of w's width: a whole row, or each head of it. */
    void rmsNorm(Tensor y, Tensor x, Tensor w, float eps, float offset);

    void rmsNormBackward(
            @Nullable Tensor dx, @Nullable Tensor dw, Tensor dy, Tensor x, Tensor w, float eps, float offset);

    /** y = (x - mean) / sqrt(variance + eps) * w + b, over groups of w's width. */
    void layerNorm(Tensor y, Tensor x, Tensor w, Tensor b, float eps);

    void layerNormBackward(
            @Nullable Tensor dx, @Nullable Tensor dw, @Nullable Tensor db, Tensor dy, Tensor x, Tensor w, float eps);

    /**
     * angles[t, i] = scale · cos(positions[t] · inverseFrequencies[i]), and the sines in the second half: [T, 2 · F]. The
     * product is rounded to F32 before cosine and sine, as PyTorch does.
     */
    void ropeAngles(Tensor angles, int[] positions, float[] inverseFrequencies, float scale);

    /**
     * Rotates the first 2F dimensions of every head by its token's angles, pairs (i, i + F) (the half-split layout of Hugging
     * Face weights); the rest is copied. {@code y} may be {@code x}.
     *
     * @param sign 1 forward; -1 rotates back, which is the backward, and then <em>adds</em> to y, which must not be x
     */
    void rope(Tensor y, Tensor x, Tensor angles, int headDim, int sign);

    /**
     * y[T, heads·headDim] = softmax(scale · q·kᵀ + mask) · v.
     *
     * @param q [T, heads·headDim]
     * @param k [rows, kvHeads·headDim], the step's own or a cache: the batch's block tables say which rows
     */
    void attention(Tensor y, Tensor q, Tensor k, Tensor v, Batch batch, AttentionShape shape);

    /** Probabilities are computed anew, never stored. */
    void attentionBackward(
            @Nullable Tensor dq,
            @Nullable Tensor dk,
            @Nullable Tensor dv,
            Tensor dy,
            Tensor q,
            Tensor k,
            Tensor v,
            Batch batch,
            AttentionShape shape);

    /** The attention matrix of one sequence, to look at: p[heads · n, contextLength], head by head, n its tokens in the step. */
    void attentionProbabilities(Tensor p, Tensor q, Tensor k, Batch batch, int sequence, AttentionShape shape);

    /** y = act(gate) * up, or act(gate) where {@code up} is null. */
    void activate(Tensor y, Tensor gate, @Nullable Tensor up, Activation activation);

    void activateBackward(
            @Nullable Tensor dGate,
            @Nullable Tensor dUp,
            Tensor dy,
            Tensor gate,
            @Nullable Tensor up,
            Activation activation);

    /** y += scale * x: a residual join, and its own backward. */
    void add(Tensor y, Tensor x, float scale);

    /** y[t, i] = x[t, i] · w[i]. {@code y} may be {@code x}. */
    void scaleColumns(Tensor y, Tensor x, Tensor w);

    /** dx[t, i] += dy[t, i] · w[i]; dw[i] += sum over t of dy[t, i] · x[t, i]. */
    void scaleColumnsBackward(@Nullable Tensor dx, @Nullable Tensor dw, Tensor dy, Tensor x, Tensor w);

    /** y = x. */
    void copy(Tensor y, Tensor x);

    /** y[t, :] = x[t, from : from + C], C the columns of y: a part of what one projection gave. */
    void columns(Tensor y, Tensor x, int from);

    /** dx[t, from : from + C] += dy[t, :]. */
    void columnsBackward(Tensor dx, Tensor dy, int from);

    /**
     * losses[t] = negative log likelihood of targets[t] in nats, 0 where it is {@link #IGNORED}; and
     * dLogits[t, :] = gradientScale · (softmax - onehot), 0 where ignored.
     *
     * @param dLogits may be {@code logits} itself, which is then overwritten
     */
    void crossEntropy(Tensor losses, @Nullable Tensor dLogits, Tensor logits, int[] targets, float gradientScale);

    /** Sum of squares, accumulated in double. */
    double sumOfSquares(Tensor x);

    void adamW(Tensor w, Tensor dw, Tensor firstMoment, Tensor secondMoment, AdamWStep step);

    @Override
    void close();
}
