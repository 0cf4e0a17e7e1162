package io.orrery.finetune.job;

import io.orrery.api.openai.FineTuningJobRequest;
import io.orrery.api.openai.FineTuningJobRequest.Method;
import io.orrery.api.openai.FineTuningJobRequest.Settings;
import io.orrery.api.openai.FineTuningMethod;
import io.orrery.finetune.access.Caller;
import io.orrery.finetune.wire.RequestProblem;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Says at once what of a request cannot be. Thread-safe. */
@Component
class JobRequests {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_](?:[\\w.-]{0,94}[A-Za-z0-9_])?");
    private static final Pattern MODEL = Pattern.compile("[^\\s@:]+(?:@[^\\s@:]+)?");
    private static final int LONGEST_SUFFIX = 64;
    private static final int MOST_METADATA = 16;
    private static final int LONGEST_KEY = 64;
    private static final int LONGEST_VALUE = 512;

    private final TrainingSettings settings;

    JobRequests(TrainingSettings settings) {
        this.settings = settings;
    }

    /**
     * A request that can be, but for the files and the base.
     *
     * @param output absent where the job's id names the result
     */
    record Checked(
            String model,
            String repository,
            String trainingFile,
            Optional<String> validationFile,
            Optional<String> suffix,
            long seed,
            Map<String, Object> hyperparameters,
            Map<String, String> metadata,
            Optional<String> output) {}

    Checked check(Caller owner, FineTuningJobRequest request) {
        String model = required("model", request.model());
        if (!MODEL.matcher(model).matches()) {
            throw RequestProblem.invalid(
                    "model",
                    "'" + model + "' is no base model; name a repository as NAMESPACE/NAME or NAMESPACE/NAME@REVISION."
                            + (model.contains(":") ? " An adapter cannot be tuned further here." : ""));
        }
        if (request.integrations() != null && !request.integrations().isEmpty()) {
            throw RequestProblem.invalid(
                    "integrations",
                    "Integrations are not supported; leave 'integrations' out and read the job's events.");
        }
        Optional<String> suffix = Optional.ofNullable(request.suffix()).map(JobRequests::suffix);
        long seed = seed(request);
        return new Checked(
                model,
                model.contains("@") ? model.substring(0, model.indexOf('@')) : model,
                required("training_file", request.trainingFile()),
                Optional.ofNullable(request.validationFile()),
                suffix,
                seed,
                hyperparameters(request, seed),
                metadata(request.metadata()),
                output(request).or(() -> suffix.map(name -> owner.project() + "/" + name)));
    }

    private static String required(String param, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw RequestProblem.invalid(
                    param, "missing_required_parameter", "'" + param + "' is missing; every job needs one.");
        }
        return value;
    }

    private static String suffix(String suffix) {
        if (suffix.length() > LONGEST_SUFFIX || !isName(suffix)) {
            throw RequestProblem.invalid(
                    "suffix",
                    "suffix is '" + suffix + "'; it must be 1 to " + LONGEST_SUFFIX
                            + " letters, digits, '-', '_' or '.', since the result's repository is named after it.");
        }
        return suffix;
    }

    private static long seed(FineTuningJobRequest request) {
        Long seed = request.seed();
        if (seed == null) {
            return ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
        }
        if (seed < 0 || seed > Integer.MAX_VALUE) {
            throw RequestProblem.invalid("seed", "seed is " + seed + "; it must be 0 to " + Integer.MAX_VALUE + ".");
        }
        return seed;
    }

    private Map<String, Object> hyperparameters(FineTuningJobRequest request, long seed) {
        Map<String, Object> merged = new LinkedHashMap<>();
        if (request.hyperparameters() != null) {
            merged.putAll(request.hyperparameters());
        }
        if (request.method() != null) {
            merged.putAll(ofMethod(request.method()));
        }
        String param = request.method() == null ? "hyperparameters" : "method.supervised.hyperparameters";
        merged.forEach((key, value) -> {
            if (value == null) {
                throw RequestProblem.invalid(
                        param + "." + key, "'" + key + "' is null; give a value, \"auto\", or leave it out.");
            }
        });
        merged.putIfAbsent("seed", seed);
        try {
            settings.check(merged);
        } catch (IllegalArgumentException e) {
            throw RequestProblem.invalid(param, String.valueOf(e.getMessage()));
        }
        return merged;
    }

    private static Map<String, Object> ofMethod(Method method) {
        String type = method.type() == null ? FineTuningMethod.SUPERVISED : method.type();
        if (!type.equals(FineTuningMethod.SUPERVISED)) {
            throw RequestProblem.invalid(
                    "method.type",
                    "unsupported_method",
                    "method.type is '" + type + "'; this platform tunes by '" + FineTuningMethod.SUPERVISED
                            + "' only.");
        }
        if (method.dpo() != null || method.reinforcement() != null) {
            throw RequestProblem.invalid(
                    "method", "method has settings of another method than '" + type + "'; leave them out.");
        }
        Settings settings = method.supervised();
        Map<String, Object> given = settings == null ? null : settings.hyperparameters();
        return given == null ? Map.of() : given;
    }

    private static Map<String, String> metadata(@Nullable Map<String, String> metadata) {
        if (metadata == null) {
            return Map.of();
        }
        if (metadata.size() > MOST_METADATA) {
            throw RequestProblem.invalid(
                    "metadata", "metadata has " + metadata.size() + " pairs; at most " + MOST_METADATA + " are kept.");
        }
        metadata.forEach((key, value) -> {
            if (value == null || key.length() > LONGEST_KEY || value.length() > LONGEST_VALUE) {
                throw RequestProblem.invalid(
                        "metadata",
                        "metadata '" + key + "' must have a key of at most " + LONGEST_KEY + " and a value of at most "
                                + LONGEST_VALUE + " characters.");
            }
        });
        return metadata;
    }

    private static Optional<String> output(FineTuningJobRequest request) {
        Optional<String> output = Optional.ofNullable(request.lab()).map(FineTuningJobRequest.Lab::outputRepository);
        output.ifPresent(repository -> {
            String[] parts = repository.split("/", -1);
            if (parts.length != 2 || !isName(parts[0]) || !isName(parts[1])) {
                throw RequestProblem.invalid(
                        "x_lab.output_repository",
                        "x_lab.output_repository is '" + repository + "'; name a repository as NAMESPACE/NAME.");
            }
        });
        return output;
    }

    /** The Hub's rule for a part of a repository's id. */
    private static boolean isName(String text) {
        return NAME.matcher(text).matches() && !text.contains("--") && !text.contains("..");
    }
}
