package io.orrery.engine.convert;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.gguf.GgufFile;
import io.orrery.engine.checkpoint.gguf.GgufMetadata;
import io.orrery.engine.checkpoint.peft.AdapterTensors;
import io.orrery.engine.checkpoint.peft.PeftAdapter;
import io.orrery.engine.checkpoint.peft.PeftAdapter.Pair;
import io.orrery.engine.model.HalfSplit;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.WeightNames;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Recoded;
import io.orrery.engine.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * An adapter on disk, as PEFT or as llama.cpp writes it, for one model. Its tensors are readable while it is open.
 *
 * <p>Source of llama.cpp's files: {@code src/llama-adapter.cpp}; see {@link AdapterToGguf}.
 */
public final class AdapterFile implements AutoCloseable {
    private static final Pattern ROTATED = Pattern.compile("blk\\.\\d{1,6}\\.attn_[qk]");
    private static final String EMBEDDING = "token_embd";
    private static final String A = ".weight.lora_a";
    private static final String B = ".weight.lora_b";

    private final AutoCloseable file;
    private final AdapterTensors tensors;

    private AdapterFile(AutoCloseable file, AdapterTensors tensors) {
        this.file = file;
        this.tensors = tensors;
    }

    /**
     * Opens a PEFT folder or a GGUF file.
     *
     * @throws CheckpointException where it is broken, or no adapter
     * @throws ConversionException where it is for another architecture
     */
    public static AdapterFile open(Path folderOrGguf, CausalLm base) {
        if (!Files.isRegularFile(folderOrGguf)) {
            PeftAdapter peft = PeftAdapter.open(folderOrGguf);
            return new AdapterFile(peft, peft.tensors());
        }
        GgufFile gguf = GgufFile.open(folderOrGguf);
        boolean isRead = false;
        try {
            AdapterFile opened = new AdapterFile(gguf, read(gguf, base));
            isRead = true;
            return opened;
        } finally {
            if (!isRead) {
                gguf.close();
            }
        }
    }

    private static AdapterTensors read(GgufFile file, CausalLm base) {
        GgufMetadata metadata = file.metadata();
        String type = metadata.string("adapter.type").orElse("");
        if (!metadata.string("general.type").orElse("").equals("adapter") || !type.equals("lora")) {
            throw new CheckpointException(
                    file.source(),
                    "the file is no LoRA adapter but a "
                            + metadata.string("general.type").orElse("model") + " " + type);
        }
        Architecture architecture = Architecture.of(base);
        if (!metadata.architecture().equals(architecture.name())) {
            throw new ConversionException(file.source() + " is an adapter for models of architecture "
                    + metadata.architecture() + ", and the model is " + architecture.name());
        }
        double alpha = metadata.decimal("adapter.lora.alpha").orElse(0.0);
        Map<String, Pair> pairs = new TreeMap<>();
        Map<String, Pair> embeddings = new TreeMap<>();
        WeightNames names = WeightNames.of(base);
        file.tensors().forEach((name, a) -> {
            String ours = name.endsWith(A) ? name.substring(0, name.length() - A.length()) : "";
            if (ours.isEmpty()) {
                requireSecond(file, name);
                return;
            }
            Pair pair = pair(file, ours, a, alpha, architecture);
            boolean isEmbedding = ours.equals(EMBEDDING);
            (isEmbedding ? embeddings : pairs).put(names.huggingFace(ours), pair);
        });
        return new AdapterTensors(pairs, embeddings, Map.of(), Map.of(), Map.of());
    }

    private static void requireSecond(GgufFile file, String name) {
        boolean isSecond =
                name.endsWith(B) && file.tensors().containsKey(name.substring(0, name.length() - B.length()) + A);
        if (!isSecond) {
            throw new CheckpointException(
                    file.source(),
                    "tensor " + name + " is no half of a pair NAME.weight.lora_a and NAME.weight.lora_b");
        }
    }

    private static Pair pair(GgufFile file, String ours, Tensor first, double alpha, Architecture architecture) {
        Tensor b = file.tensor(ours + B);
        Tensor a = ours.equals(EMBEDDING) ? AdapterToGguf.transposed(first) : first;
        if (a.shape().rank() != 2 || b.shape().rank() != 2 || a.rows() != b.cols()) {
            throw new CheckpointException(
                    file.source(), ours + " has halves " + first + " and " + b + ", which have no common rank");
        }
        boolean isInterleaved =
                architecture.isInterleaved() && ROTATED.matcher(ours).matches();
        int dim = architecture.attention().heads().dim();
        Tensor rows = isInterleaved && b.rows() % dim == 0 ? HalfSplit.unpermuted(b, dim) : b;
        return new Pair(Recoded.as(DType.F32, a), Recoded.as(DType.F32, rows), alpha == 0 ? 1 : alpha / a.rows());
    }

    /** By Hugging Face's module paths. */
    public AdapterTensors tensors() {
        return tensors;
    }

    @Override
    public void close() {
        switch (file) {
            case PeftAdapter peft -> peft.close();
            case GgufFile gguf -> gguf.close();
            default -> throw new IllegalStateException("an adapter is a folder or a file");
        }
    }
}
