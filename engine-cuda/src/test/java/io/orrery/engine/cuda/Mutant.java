package io.orrery.engine.cuda;

import io.orrery.engine.cpu.ActivationMode;
import io.orrery.engine.ops.contract.Backend;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A fault in a kernel, and the part of the contract that must notice it.
 *
 * @param file that is changed
 * @param compiled kernels that include it
 * @param contract class of the contract
 * @param method of the contract
 * @param from text that stands there
 * @param to text in its place
 */
record Mutant(String file, String compiled, Class<?> contract, String method, String from, String to) {
    private static final Class<?> OPS = MutantOpsContract.class;
    private static final Class<?> LINEAR = MutantLinearContract.class;
    private static final Class<?> ATTENTION = MutantAttentionContract.class;

    /** The library that holds the mutant whose contract runs. */
    private static @Nullable Path library;

    static void choose(Path mutated) {
        library = mutated;
    }

    static EmulatedGpu gpu() {
        return new EmulatedGpu(EmulatorLibrary.open(Objects.requireNonNull(library, "started without a library")));
    }

    static Stream<Backend> backend() {
        return Stream.of(() -> new CudaOps(gpu(), "a mutant", ActivationMode.F32));
    }

    /** Five kinds: a dropped barrier, an end too far, a start too late, a wrong stride, an alias overwritten. */
    static List<Mutant> few() {
        return List.of(
                new Mutant(
                        "reduce.cuh",
                        "norm",
                        OPS,
                        "rmsNormAgrees",
                        "partial[threadIdx.x / 32] = value;\n    __syncthreads();",
                        "partial[threadIdx.x / 32] = value;"),
                new Mutant("linear.cu", "linear", LINEAR, "forwardAgrees", "k + d < ins;", "k + d <= ins;"),
                new Mutant(
                        "rows.cu",
                        "rows",
                        OPS,
                        "rowsAreGatheredStoredAndScattered",
                        "int i = 0; i < count",
                        "int i = 1; i < count"),
                new Mutant(
                        "rope.cu",
                        "rope",
                        OPS,
                        "ropeAgrees",
                        "angles[t * 2 * pairs + pairs + i]",
                        "angles[t * 2 * pairs + i]"),
                new Mutant(
                        "cross_entropy.cu",
                        "cross_entropy",
                        OPS,
                        "crossEntropyAgrees",
                        "    __syncthreads();\n    for",
                        "    for"));
    }

    /** More of the kind, for {@code -Pmutants}. */
    static List<Mutant> many() {
        return List.of(
                norm("layerNormAgrees", "(x[i] - mean, x[i] - mean", "(x[i], x[i]"),
                norm(
                        "layerNormAgrees",
                        "statistics[2 * blockIdx.x + 1] = of.inverse",
                        "statistics[2 * blockIdx.x + 1] = of.mean"),
                norm("layerNormAgrees", "statistics[2 * blockIdx.x] = of.mean", "statistics[blockIdx.x] = of.mean"),
                norm("rmsNormAgrees", "group < groups", "group < groups - 1"),
                norm("rmsNormAgrees", "sqrtf(squares / width + eps)", "sqrtf(squares / width)"),
                norm("rmsNormAgrees", "dx[i] += inverse", "dx[i] = inverse"),
                new Mutant("reduce.cuh", "norm", OPS, "rmsNormAgrees", "unsigned w = 1;", "unsigned w = 0;"),
                new Mutant("reduce.cuh", "norm", OPS, "layerNormAgrees", "distance = 16", "distance = 8"),
                new Mutant(
                        "reduce.cuh",
                        "norm",
                        OPS,
                        "layerNormAgrees",
                        "partial[w]);\n    __syncthreads();",
                        "partial[w]);"),
                new Mutant(
                        "reduce.cuh",
                        "update",
                        OPS,
                        "sumOfSquaresIsExactToDouble",
                        "~0u, value, distance",
                        "~1u, value, distance"),
                new Mutant(
                        "update.cu",
                        "update",
                        OPS,
                        "sumOfSquaresIsExactToDouble",
                        "start + i < count",
                        "start + i <= count"),
                new Mutant("update.cu", "update", OPS, "adamWAgrees", "v[i] = second;", ""),
                new Mutant(
                        "update.cu", "update", OPS, "adamWAgrees", "if (i >= count) return;", "if (i > count) return;"),
                new Mutant(
                        "add.cu",
                        "add",
                        OPS,
                        "activationsAgree",
                        "blockIdx.x * static_cast",
                        "(blockIdx.x + 1) * static_cast"),
                new Mutant("activate.cu", "activate", OPS, "activationsAgree", "case GELU: return x * normal(x);", ""),
                new Mutant("activate.cu", "activate", OPS, "activationsAgree", "dUp[i] += dy[i]", "dUp[i] = dy[i]"),
                new Mutant("rope.cu", "rope", OPS, "ropeAgrees", "headDim - pairs", "headDim - pairs - 1"),
                new Mutant("rope.cu", "rope", OPS, "ropeAgrees", "backward ? -turn : turn", "turn"),
                new Mutant(
                        "rows.cu",
                        "rows",
                        OPS,
                        "rowsAreGatheredStoredAndScattered",
                        "FOR_ROWS(i) y[static_cast<long long>(rows[i])",
                        "FOR_ROWS(i) y[static_cast<long long>(i)"),
                new Mutant(
                        "rows.cu",
                        "rows",
                        OPS,
                        "columnsAreCutAndTheirGradientsAdded",
                        "* wide + from + c];",
                        "* narrow + from + c];"),
                new Mutant(
                        "cross_entropy.cu", "cross_entropy", OPS, "crossEntropyAgrees", "ignored ? 0 : most", "most"),
                new Mutant(
                        "cross_entropy.cu",
                        "cross_entropy",
                        OPS,
                        "lossOfGreatLogitsIsFinite",
                        "most = reduce<Maximum>",
                        "most = 0 * reduce<Maximum>"),
                linear(
                        "forwardAgrees",
                        "left[threadIdx.y][d], right[threadIdx.x][d], part);\n        sum += part;\n        __syncthreads();",
                        "left[threadIdx.y][d], right[threadIdx.x][d], part);\n        sum += part;"),
                linear("backwardAddsToTheGradients", "k + d < outs && at.row < tokens", "k + d < outs"),
                linear(
                        "backwardAddsToTheGradients",
                        "dw[static_cast<long long>(at.row) * ins + at.col] += sum",
                        "dw[static_cast<long long>(at.row) * ins + at.col] = sum"),
                linear("backwardAddsToTheGradients", "t < tokens; t++) sum", "t < tokens - 1; t++) sum"),
                linear("forwardAgrees", "b == nullptr ? sum : sum + b[at.col]", "sum"),
                block("blocks/legacy.cuh", "numbers[i - 16] >> 4", "numbers[i - 16] >> 3"),
                block("blocks/k_quants.cuh", "s[j + 4] >> 4) | (s[j] >> 6)", "s[j + 4] >> 4) | (s[j] >> 7)"),
                block("blocks/k_quants.cuh", "quarter & 3", "quarter & 1"),
                block("blocks/tables.cuh", "number > 8 ? -magnitude", "number > 9 ? -magnitude"),
                attention(
                        "packedSequencesAgree",
                        "p[threadIdx.x] = taken.p;\n        __syncthreads();",
                        "p[threadIdx.x] = taken.p;"),
                attention("longSequencesAgree", "out[i] * taken.correction", "out[i]"),
                attention("packedSequencesAgree", "u < of.seen.end ?", "u <= of.seen.end ?"),
                attention("backwardAddsToTheGradients", "dk[at + i] += sumK", "dk[at + i] = sumK"),
                attention("backwardAddsToTheGradients", "row[2] = dots", "row[2] = 0"),
                attention(
                        "sequencesThatShareBlocksAddToTheSameGradients",
                        "use = useStarts[blockIdx.x];",
                        "use = useStarts[blockIdx.x + 1] - 1;"),
                new Mutant(
                        "attention.cuh",
                        "attention_plain",
                        ATTENTION,
                        "chunksOverPagedKeysAreBitwiseTheWhole",
                        "table[u / blockSize]",
                        "table[0]"),
                new Mutant(
                        "attention.cuh",
                        "attention_plain",
                        ATTENTION,
                        "packedSequencesAgree",
                        "index - window + 1",
                        "index - window"));
    }

    private static Mutant norm(String method, String from, String to) {
        return new Mutant("norm.cu", "norm", OPS, method, from, to);
    }

    private static Mutant linear(String method, String from, String to) {
        return new Mutant("linear.cu", "linear", LINEAR, method, from, to);
    }

    private static Mutant block(String file, String from, String to) {
        return new Mutant(file, "linear", LINEAR, "blocksAreDecodedExactly", from, to);
    }

    private static Mutant attention(String method, String from, String to) {
        return new Mutant("attention_plain.cu", "attention_plain", ATTENTION, method, from, to);
    }

    @Override
    public String toString() {
        return file + ": " + from.replaceAll("\\s+", " ") + " -> " + to.replaceAll("\\s+", " ");
    }
}
