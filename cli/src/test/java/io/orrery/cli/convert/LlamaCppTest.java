package io.orrery.cli.convert;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.engine.checkpoint.WriteOptions;
import io.orrery.engine.checkpoint.gguf.GgufFile;
import io.orrery.engine.checkpoint.gguf.GgufHeader;
import io.orrery.engine.convert.GgufModel;
import io.orrery.engine.convert.Mix;
import io.orrery.engine.convert.Quantization;
import io.orrery.engine.convert.Target;
import io.orrery.engine.convert.ToGguf;
import io.orrery.engine.cpu.ActivationMode;
import io.orrery.engine.cpu.CpuOps;
import io.orrery.engine.cpu.CpuOptions;
import io.orrery.engine.model.Adaptation;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.model.Network;
import io.orrery.engine.ops.Batch;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.BlockFormat;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written here, llama.cpp reads, and where it writes the same, it writes the same bytes. */
class LlamaCppTest {
    private static final String[] TEXTS = {
        "hello world", " hello  the\n12 words", "def f(x):\n\treturn x + 12", "Grüße, 日本語 🙂", "<s>the</s>", ""
    };
    private static final WriteOptions OPTIONS = WriteOptions.plain();

    private static LlamaCpp llamaCpp;

    @TempDir
    Path folder;

    @BeforeAll
    static void load() throws IOException, InterruptedException {
        llamaCpp = LlamaCpp.load();
    }

    private Path gguf(TinyFolders model, int hidden, int layers) throws IOException {
        Path gguf = folder.resolve("model.gguf");
        try (ModelFiles files = ModelFiles.open(model.write(folder.resolve("hub"), hidden, layers))) {
            ToGguf.of(files, Optional.of(DType.F32)).write(gguf, OPTIONS);
        }
        return gguf;
    }

    private Path quantized(Path gguf, Target target) {
        Path to = folder.resolve(target.mix() + (target.pure() ? "-pure.gguf" : ".gguf"));
        try (GgufFile file = GgufFile.open(gguf)) {
            Quantization.of(GgufModel.of(file), target, false).write(to, OPTIONS);
        }
        return to;
    }

    /** Every kind of row that a quantiser treats otherwise: of one sign, all equal, all zero, with outliers, of whole numbers. */
    private static float[] rows(int columns) {
        Random random = new Random(1);
        float[] rows = new float[200 * columns];
        for (int i = 0; i < rows.length; i++) {
            double scale = Math.pow(10, i / columns / 8 % 13 - 8);
            rows[i] = (float) (scale
                    * switch (i / columns % 8) {
                        case 0 -> random.nextGaussian();
                        case 1 -> random.nextDouble();
                        case 2 -> -random.nextDouble();
                        case 3 -> 0;
                        case 4 -> 1;
                        case 5 -> random.nextGaussian() * (random.nextInt(10) == 0 ? 10 : 0.1);
                        case 6 -> random.nextInt(-3, 4);
                        default -> random.nextGaussian() + 3;
                    });
        }
        return rows;
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL",
                "IQ4_XS", "MXFP4"
            })
    void rowsBecomeTheBytesThatGgmlMakes(DType type) {
        float[] rows = rows(256);
        byte[] ours = new byte[(int) type.bytes(rows.length)];
        BlockFormat.of(type).quantize(rows, 0, MemorySegment.ofArray(ours), 0, rows.length);
        byte[] theirs = llamaCpp.quantized(type.ggmlId(), rows, 256, ours.length);
        assertThat(Arrays.mismatch(ours, theirs)).isEqualTo(-1);
        float[] decoded = new float[rows.length];
        BlockFormat.of(type).dequantize(MemorySegment.ofArray(theirs), 0, decoded, 0, rows.length);
        assertThat(Arrays.mismatch(decoded, llamaCpp.decoded(type.ggmlId(), theirs, rows.length)))
                .isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource
    void aFileHasTheBytesThatLlamaQuantizeWrites(Mix mix) throws IOException {
        for (int hidden : new int[] {256, 96}) {
            Path gguf = gguf(TinyFolders.LLAMA, hidden, 1);
            for (boolean pure : new boolean[] {true, false}) {
                Path theirs = folder.resolve("theirs.gguf");
                llamaCpp.quantize(gguf, theirs, mix.fileType(), pure);
                assertThat(Files.mismatch(quantized(gguf, new Target(mix, pure)), theirs))
                        .as(mix + " of " + hidden + (pure ? ", pure" : ""))
                        .isEqualTo(-1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LLAMA", "LLAMA_LINEAR", "PHI3"})
    void tensorsOfDeepModelsGetTheTypesThatLlamaQuantizeGivesThem(TinyFolders model) throws IOException {
        Path gguf = gguf(model, 256, 18);
        Path theirs = folder.resolve("theirs.gguf");
        try (GgufFile file = GgufFile.open(gguf)) {
            for (Mix mix : EnumSet.range(Mix.Q2_K, Mix.IQ4_XS)) {
                llamaCpp.quantize(gguf, theirs, mix.fileType(), false);
                Map<String, DType> wanted = new LinkedHashMap<>();
                GgufHeader.read(theirs).entries().forEach(entry -> wanted.put(entry.name(), entry.dtype()));
                Map<String, DType> got = new LinkedHashMap<>();
                Quantization.of(GgufModel.of(file), new Target(mix, false), false)
                        .tensors()
                        .forEach((name, tensor) -> got.put(name, tensor.dtype()));
                assertThat(got).as(mix.name()).isEqualTo(wanted);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConvertedModelHasTheSameTokensAndLogits(TinyFolders model) throws IOException {
        Path gguf = gguf(model, 256, 2);
        try (ModelFiles hub = ModelFiles.open(folder.resolve("hub"));
                LlamaModel theirs = llamaCpp.open(gguf)) {
            for (String text : TEXTS) {
                assertThat(theirs.tokenize(text, true))
                        .as(text)
                        .isEqualTo(hub.tokenizer().encode(text, true));
            }
            Difference difference = Difference.of(hub, theirs);
            // llama.cpp looks GELU up in a table of half precision
            boolean tabulated = model == TinyFolders.GEMMA || model == TinyFolders.STARCODER2;
            assertThat(difference.largest()).isLessThan(tabulated ? 0.02 : 1e-4);
            assertThat(difference.regret()).isLessThan(tabulated ? 0.02 : 1e-4);
        }
    }

    /**
     * llama.cpp rounds activations to 8 bits before it multiplies them by quantised weights, to half precision by F16 and BF16; we
     * do not here. So logits may be apart by a fifth of their spread, and where another token is likeliest, it is so by less than
     * a tenth.
     */
    @ParameterizedTest
    @EnumSource
    void aQuantisedModelHasTheSameLogits(Mix mix) throws IOException {
        Path quantized = quantized(gguf(TinyFolders.QWEN3, 256, 2), new Target(mix, false));
        try (ModelFiles ours = ModelFiles.open(quantized);
                LlamaModel theirs = llamaCpp.open(quantized)) {
            Difference difference = Difference.of(ours, theirs);
            assertThat(difference.largest()).isLessThan(0.2 * difference.spread());
            assertThat(difference.regret()).isLessThan(0.1 * difference.spread());
        }
    }

    /**
     * How far two sets of logits are apart.
     *
     * @param spread standard deviation of ours
     * @param largest of a logit
     * @param regret by which our likeliest token is likelier than theirs is to us, at most: 0 where both agree everywhere
     */
    private record Difference(double spread, double largest, double regret) {
        private static final int CONTINUED = 8;

        /** After a text and what we would say next. */
        static Difference of(ModelFiles ours, LlamaModel theirs) {
            try (Ops ops = CpuOps.create(new CpuOptions(1, ActivationMode.F32))) {
                Network network = Network.frozen(ours.spec(), ours.weights(), ops);
                int[] ids = ours.tokenizer().encode("hello world, the 12 words of the world hello + the", true);
                for (int i = 0; i < CONTINUED; i++) {
                    ids = Arrays.copyOf(ids, ids.length + 1);
                    ids[ids.length - 1] = likeliest(
                            logits(network, Arrays.copyOf(ids, ids.length - 1)).getLast());
                }
                return of(logits(network, ids), theirs.logits(ids));
            }
        }

        private static Difference of(List<float[]> ours, List<float[]> theirs) {
            double largest = 0;
            double regret = 0;
            double squares = 0;
            for (int i = 0; i < ours.size(); i++) {
                float[] row = ours.get(i);
                for (int j = 0; j < row.length; j++) {
                    largest = Math.max(largest, Math.abs(row[j] - theirs.get(i)[j]));
                    squares += row[j] * row[j];
                }
                regret = Math.max(regret, row[likeliest(row)] - row[likeliest(theirs.get(i))]);
            }
            return new Difference(Math.sqrt(squares / ours.size() / ours.getFirst().length), largest, regret);
        }

        private static int likeliest(float[] logits) {
            int best = 0;
            for (int i = 1; i < logits.length; i++) {
                best = logits[i] > logits[best] ? i : best;
            }
            return best;
        }

        private static List<float[]> logits(Network network, int[] ids) {
            Tensor hidden =
                    network.hidden(ids, Batch.packed(ids.length), Optional.empty(), Adaptation.NONE, Tape.off());
            float[] all = network.ops().read(network.logits(hidden, Adaptation.NONE, Tape.off()));
            int width = all.length / ids.length;
            return IntStream.range(0, ids.length)
                    .mapToObj(i -> Arrays.copyOfRange(all, i * width, (i + 1) * width))
                    .toList();
        }
    }
}
