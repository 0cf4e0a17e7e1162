package io.orrery.engine.checkpoint.peft;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.safetensors.SafetensorsFile;
import io.orrery.engine.checkpoint.safetensors.SafetensorsWriter;
import io.orrery.engine.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A folder of {@code adapter_config.json} and {@code adapter_model.safetensors}: a LoRA adapter as PEFT writes it. Immutable and
 * safe for threads while open; its tensors lie in the mapped file.
 */
public final class PeftAdapter implements AutoCloseable {
    private static final String WEIGHTS = "adapter_model.safetensors";

    private final PeftConfig config;
    private final SafetensorsFile file;
    private final AdapterTensors tensors;

    private PeftAdapter(PeftConfig config, SafetensorsFile file, AdapterTensors tensors) {
        this.config = config;
        this.file = file;
        this.tensors = tensors;
    }

    /**
     * What is added to one projection: y += scale · B·A·x.
     *
     * @param a {@code [rank, in]}
     * @param b {@code [out, rank]}
     */
    public record Pair(Tensor a, Tensor b, double scale) {}

    /** Opens a folder. @throws CheckpointException for what is broken, incomplete or not supported */
    public static PeftAdapter open(Path folder) {
        PeftConfig config = PeftConfig.read(folder);
        SafetensorsFile file = SafetensorsFile.open(folder.resolve(WEIGHTS));
        boolean isRead = false;
        try {
            PeftAdapter adapter = new PeftAdapter(config, file, new AdapterReader(file, config).read());
            isRead = true;
            return adapter;
        } catch (IllegalArgumentException e) {
            // a pattern that backtracks too long is only noticed at a module
            throw new CheckpointException(folder, String.valueOf(e.getMessage()), e);
        } finally {
            if (!isRead) {
                file.close();
            }
        }
    }

    public PeftConfig config() {
        return config;
    }

    /** The pairs by module path, as {@code model.layers.0.self_attn.q_proj}, sorted. */
    public Map<String, Pair> pairs() {
        return tensors.pairs();
    }

    /** Everything that the adapter holds. */
    public AdapterTensors tensors() {
        return tensors;
    }

    @Override
    public void close() {
        file.close();
    }

    /**
     * Writes an adapter that PEFT, vLLM and {@link #open} load; makes the folder.
     *
     * @param pairs by module path, of F32, F16 or BF16 in host memory; written as F32
     * @throws IllegalArgumentException where a pair's shape or scale is not what the configuration says
     * @throws CheckpointException where a file cannot be written
     */
    public static void write(Path folder, PeftConfig config, Map<String, Pair> pairs) {
        if (pairs.isEmpty()) {
            throw new IllegalArgumentException("an adapter without a single pair of tensors is none");
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        new TreeMap<>(pairs).forEach((module, pair) -> {
            check(config, module, pair);
            tensors.put(TensorName.a(module), Widened.toF32(pair.a()));
            tensors.put(TensorName.b(module), Widened.toF32(pair.b()));
        });
        // the configuration comes last: a folder that has one is whole
        SafetensorsWriter.write(folder.resolve(WEIGHTS), tensors, Map.of("format", "pt"));
        ConfigJson.write(folder.resolve(ConfigJson.FILE), withTargets(config, pairs));
    }

    private static void check(PeftConfig config, String module, Pair pair) {
        int rank = config.rank(module);
        boolean fits = pair.a().shape().rank() == 2
                && pair.b().shape().rank() == 2
                && pair.a().rows() == rank
                && pair.b().cols() == rank;
        if (!fits) {
            throw new IllegalArgumentException(module + ": A " + pair.a() + " and B " + pair.b()
                    + " are not [rank, in] and [out, rank] of rank " + rank);
        }
        double scale = config.scale(module);
        if (Math.abs(pair.scale() - scale) > 1e-6 * Math.abs(scale)) {
            throw new IllegalArgumentException(
                    module + ": the scale " + pair.scale() + " is not " + scale + " as rank and alpha make it");
        }
    }

    private static PeftConfig withTargets(PeftConfig config, Map<String, Pair> pairs) {
        if (!config.targetModules().isEmpty()) {
            return config;
        }
        List<String> targets = pairs.keySet().stream()
                .map(module -> module.substring(module.lastIndexOf('.') + 1))
                .distinct()
                .sorted()
                .toList();
        return new PeftConfig(
                config.baseModel(),
                config.revision(),
                config.rank(),
                config.alpha(),
                targets,
                config.dropout(),
                config.rankStabilised(),
                config.rankPattern(),
                config.alphaPattern(),
                config.isDora());
    }
}
