package io.orrery.registry.inspection;

import io.orrery.api.hub.RepoInfo.Finding;
import io.orrery.registry.repository.GitBlob;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Files that are pickles by their names: programs that Python runs when it loads them. */
public final class PickleFiles {
    private static final Pattern PICKLE =
            Pattern.compile(".*\\.(bin|pt|pth|ckpt|pkl|pickle|p|joblib|dill|pck)", Pattern.DOTALL);
    private static final Pattern SAFE =
            Pattern.compile(".*\\.(safetensors|gguf|onnx|h5|msgpack|tflite|npz)", Pattern.DOTALL);

    /** What training leaves beside the weights. */
    private static final Pattern STATE =
            Pattern.compile("(.*/)?(training_args|optimizer|scheduler|scaler|rng_state[^/]*)\\.[^./]+", Pattern.DOTALL);

    private PickleFiles() {}

    /** Whether a file is named as pickles are; {@code .bin} files may be something else. */
    public static boolean isNamedSo(String path) {
        return PICKLE.matcher(path.toLowerCase(Locale.ROOT)).matches();
    }

    /** A finding where a model's weights are in pickles and in nothing else. */
    static Optional<Finding> onlyWeights(Map<String, GitBlob> files) {
        Collection<String> paths = files.keySet();
        boolean hasOthers = paths.stream()
                .anyMatch(path -> SAFE.matcher(path.toLowerCase(Locale.ROOT)).matches());
        List<String> pickles = paths.stream()
                .filter(PickleFiles::isNamedSo)
                .filter(path -> !STATE.matcher(path).matches())
                .toList();
        return hasOthers || pickles.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding(
                        pickles.getFirst(),
                        "The weights are in pickles only, which run code when Python loads them. Convert them to"
                                + " safetensors: POST /api/conversions with the kind safetensors."));
    }
}
