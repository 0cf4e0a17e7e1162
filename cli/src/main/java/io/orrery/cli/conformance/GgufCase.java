package io.orrery.cli.conformance;

import io.orrery.engine.checkpoint.gguf.GgufFile;
import io.orrery.engine.model.Adaptation;
import io.orrery.engine.model.Families;
import io.orrery.engine.model.ModelException;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.model.Network;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.tensor.BlockFormat;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** GGUF files of one model in several formats: the dequantised weights bit for bit, and the logits that they give. */
final class GgufCase {
    private final GoldenCase golden;
    private final Checks checks;
    private final Device device;

    GgufCase(GoldenCase golden, Checks checks, Device device) {
        this.golden = golden;
        this.checks = checks;
        this.device = device;
    }

    void check() {
        golden.value("/llama_cpp_check");
        golden.tensorNames().filter(name -> name.endsWith(".input_ids")).forEach(golden::tensor);
        golden.peek("/files").propertyNames().forEach(this::file);
    }

    private void file(String name) {
        Path path = golden.folder().resolve(name);
        String format = name.replaceFirst("^model-", "").replaceFirst("\\.gguf$", "");
        try (GgufFile file = GgufFile.open(path)) {
            file.tensors().forEach((tensorName, tensor) -> tensor(name, format, tensorName, tensor));
            Optional<String> unreadable = unreadable(file);
            if (unreadable.isPresent()) {
                checks.skipTensors(tensor -> tensor.startsWith(format + ".seq."), unreadable.get());
                return;
            }
        }
        logits(path, format);
    }

    /** Why a model in this file cannot be run: a block format, or a family, that the engine has not. */
    private static Optional<String> unreadable(GgufFile file) {
        Optional<String> format = file.tensors().values().stream()
                .map(tensor -> unreadable(tensor.dtype()))
                .flatMap(Optional::stream)
                .findFirst();
        return format.or(() -> {
            try {
                Families.fromGguf(file.metadata(), file.tensors().keySet());
                return Optional.empty();
            } catch (ModelException unknown) {
                return Optional.of(String.valueOf(unknown.getMessage()));
            }
        });
    }

    private static Optional<String> unreadable(DType dtype) {
        try {
            BlockFormat.of(dtype);
            return Optional.empty();
        } catch (IllegalArgumentException unknown) {
            return Optional.of(String.valueOf(unknown.getMessage()));
        }
    }

    private void tensor(String file, String format, String name, Tensor tensor) {
        String pointer = "/files/" + GoldenCase.escaped(file) + "/" + GoldenCase.escaped(name);
        String rows = format + ".dequant." + name + ".";
        Optional<String> unreadable = unreadable(tensor.dtype());
        if (unreadable.isPresent()) {
            checks.skipValue(pointer, unreadable.get());
            checks.skipTensors(each -> each.startsWith(rows), unreadable.get());
            return;
        }
        JsonNode want = golden.peek(pointer);
        checks.equal(pointer + "/type", tensor.dtype().name());
        checks.equal(pointer + "/shape_out_in", tensor.shape().toString().replace(" ", ""));
        float[] values = tensor.decode();
        checks.equal(pointer + "/sha256_f32", sha256(values));
        // sums of another order of terms: 1e-9 of the sum of absolute values
        Comparison sums = new Comparison(1e-9 * want.path("abs_sum").asDouble(0), 0);
        checks.number(pointer + "/sum", sum(values, false), sums);
        checks.number(pointer + "/abs_sum", sum(values, true), sums);
        if (golden.has(rows + "first_row")) {
            int cols = tensor.cols();
            checks.tensor(rows + "first_row", Arrays.copyOf(values, cols));
            checks.tensor(rows + "last_row", Arrays.copyOfRange(values, values.length - cols, values.length));
        }
    }

    private static double sum(float[] values, boolean absolute) {
        double sum = 0;
        for (float value : values) {
            sum += absolute ? Math.abs(value) : value;
        }
        return sum;
    }

    private static String sha256(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    private void logits(Path path, String format) {
        try (ModelFiles files = ModelFiles.open(path);
                Ops ops = device.open()) {
            Forward forward = new Forward(Network.frozen(files.spec(), files.weights(), ops), Adaptation.NONE);
            for (int i = 0; golden.has("seq." + i + ".input_ids"); i++) {
                String name = format + ".seq." + i + ".logits";
                if (golden.has(name)) {
                    int[] ids = golden.integers("seq." + i + ".input_ids");
                    checks.tensor(name, forward.whole(ids).logits());
                }
            }
        }
    }
}
