package io.orrery.cli.tune;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.orrery.api.openai.FineTuningJobRequest;
import io.orrery.engine.checkpoint.NearestNames;
import io.orrery.engine.train.TrainingData;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A job as a file: the body of {@code POST /v1/fine_tuning/jobs}, key for key, whose data files may be paths. */
record JobFile(YamlFile yaml) {
    static final String TRAINING_FILE = "training_file";
    static final String VALIDATION_FILE = "validation_file";
    private static final String UPLOADED = "file-";

    /** The wire's own keys: a new field of the request is a new key here. */
    private static final List<String> KEYS = Arrays.stream(FineTuningJobRequest.class.getRecordComponents())
            .map(JobFile::key)
            .toList();

    /** @throws JobFileException that names the file, the line and what is wrong there */
    static JobFile read(Path path) {
        YamlFile yaml = YamlFile.read(path);
        for (String key : yaml.lines().keySet()) {
            if (!KEYS.contains(key)) {
                String hint = NearestNames.meant(key, KEYS)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse("; known are " + String.join(", ", KEYS));
                throw new JobFileException(yaml.where(key) + ": unknown key '" + key + "'" + hint);
            }
        }
        JobFile job = new JobFile(yaml);
        job.required("model");
        job.required(TRAINING_FILE);
        return job;
    }

    private static String key(RecordComponent component) {
        // the annotation's target is the accessor, among others
        JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
        return named == null ? component.getName() : named.value();
    }

    private void required(String key) {
        if (text(key).isEmpty()) {
            throw new JobFileException(yaml.path().getFileName() + ": the key '" + key + "' is missing");
        }
    }

    /** A key's value where it is a text. */
    Optional<String> text(String key) {
        return yaml.values().get(key) instanceof String text && !text.isBlank() ? Optional.of(text) : Optional.empty();
    }

    String model() {
        return text("model").orElseThrow();
    }

    /**
     * A data file on this machine, relative to the job's file; nothing where the key is absent or names an uploaded one.
     *
     * @throws JobFileException where there is no such file
     */
    Optional<Path> data(String key) {
        Optional<Path> file = text(key).map(name -> yaml.path().resolveSibling(name));
        if (file.isPresent() && !Files.isRegularFile(file.get())) {
            if (text(key).orElseThrow().startsWith(UPLOADED)) {
                return Optional.empty();
            }
            throw new JobFileException(yaml.where(key) + ": there is no file " + file.get());
        }
        return file;
    }

    /**
     * The data files on this machine by their keys, after a look at each of their lines.
     *
     * @throws RuntimeException that names file and line where one is not JSON in a shape that can be trained on
     */
    Map<String, Path> checkedData() {
        Map<String, Path> data = new LinkedHashMap<>();
        for (String key : List.of(TRAINING_FILE, VALIDATION_FILE)) {
            data(key).ifPresent(path -> data.put(key, path));
        }
        data.values().forEach(TrainingData::check);
        return data;
    }

    /** The request with ids in place of paths. */
    Map<String, Object> request(Map<String, String> ids) {
        Map<String, Object> request = new LinkedHashMap<>(yaml.values());
        request.putAll(ids);
        return request;
    }

    /** Everything under {@code method.supervised.hyperparameters}, over the older place at the top. */
    Map<String, Object> hyperparameters() {
        Map<String, Object> all = new LinkedHashMap<>(map(yaml.values(), "hyperparameters"));
        Map<String, Object> method = map(yaml.values(), "method");
        Object type = method.getOrDefault("type", "supervised");
        if (!type.equals("supervised")) {
            throw new JobFileException(
                    yaml.where("method") + ": the method '" + type + "' is not built; supervised is");
        }
        all.putAll(map(map(method, "supervised"), "hyperparameters"));
        if (yaml.values().containsKey("seed")) {
            all.putIfAbsent("seed", yaml.values().get("seed"));
        }
        return all;
    }

    private Map<String, Object> map(Map<String, Object> from, String key) {
        Map<String, Object> map = new LinkedHashMap<>();
        Object value = from.getOrDefault(key, Map.of());
        if (!(value instanceof Map<?, ?> entries)) {
            throw new JobFileException(yaml.where(key) + ": '" + key + "' must hold keys and values, not " + value);
        }
        entries.forEach((name, entry) -> map.put(String.valueOf(name), entry));
        return map;
    }
}
