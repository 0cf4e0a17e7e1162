package io.orrery.registry.conversion;

import io.orrery.registry.inspection.PickleFiles;
import io.orrery.registry.wire.HubProblem;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the files of a source are, by their names. */
final class SourceFiles {
    static final String CONFIG = "config.json";
    static final String CARD = "README.md";

    private static final String ATTRIBUTES = ".gitattributes";
    private static final String GGUF = ".gguf";
    private static final int SHOWN = 20;
    private static final Pattern PART = Pattern.compile("(.*)-\\d{5}-of-\\d{5}\\.gguf");
    private static final Pattern TERMS = Pattern.compile("(?i)(licen[sc]e|notice|copying|use_policy)[^/]*");

    /** Weights of other programs. */
    private static final Pattern FOREIGN =
            Pattern.compile("(?i).*\\.(gguf|onnx|onnx_data|h5|msgpack|ot|tflite|mlmodel|pb)|(.*/)?consolidated.*");

    private SourceFiles() {}

    /** The model's folder, as transformers reads it, with the weights of one format. */
    static List<String> ofModel(List<String> paths) {
        List<String> root = paths.stream()
                .filter(path -> path.indexOf('/') < 0 && !FOREIGN.matcher(path).matches())
                .toList();
        boolean hasSafetensors = root.stream().anyMatch(path -> path.endsWith(".safetensors"));
        return root.stream()
                .filter(path -> !hasSafetensors || !PickleFiles.isNamedSo(path))
                .toList();
    }

    /** Whether there is a model's folder at all. */
    static boolean hasModel(List<String> paths) {
        return paths.contains(CONFIG)
                && ofModel(paths).stream().anyMatch(path -> path.endsWith(".safetensors") || path.endsWith(".bin"));
    }

    /** Under what conditions the weights may be used. */
    static List<String> terms(List<String> paths) {
        return paths.stream().filter(path -> TERMS.matcher(path).matches()).toList();
    }

    /** Neither weights nor what a repository says about itself. */
    static boolean isNeutral(String path) {
        return !FOREIGN.matcher(path).matches()
                && !PickleFiles.isNamedSo(path)
                && !path.equals(CARD)
                && !path.equals(ATTRIBUTES);
    }

    /** The GGUF file that is meant. @throws HubProblem that lists them where it is not clear */
    static String gguf(List<String> paths, Optional<String> asked) {
        List<String> all = paths.stream().filter(path -> path.endsWith(GGUF)).toList();
        if (asked.isPresent()) {
            return asked.filter(all::contains)
                    .orElseThrow(() -> HubProblem.badRequest(
                            "The source has no GGUF file " + asked.get() + "; it has " + shown(all)));
        }
        TreeMap<String, String> firsts =
                all.stream().collect(Collectors.toMap(SourceFiles::model, path -> path, (a, b) -> a, TreeMap::new));
        if (firsts.size() != 1) {
            throw HubProblem.badRequest("The source has " + shown(all)
                    + (all.isEmpty() ? " among its files that ends in .gguf" : "; name one of them as file"));
        }
        return firsts.firstEntry().getValue();
    }

    /** A GGUF file with the other parts of its model. */
    static List<String> parts(List<String> paths, String file) {
        return paths.stream()
                .filter(path -> path.endsWith(GGUF) && model(path).equals(model(file)))
                .toList();
    }

    private static String model(String path) {
        Matcher part = PART.matcher(path);
        return part.matches() ? part.group(1) : path;
    }

    private static String shown(List<String> paths) {
        return paths.isEmpty()
                ? "none"
                : Stream.concat(
                                paths.stream().limit(SHOWN),
                                paths.size() > SHOWN ? Stream.of((paths.size() - SHOWN) + " more") : Stream.empty())
                        .collect(Collectors.joining(", "));
    }
}
