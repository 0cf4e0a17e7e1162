package io.orrery.engine.checkpoint.peft;

import io.orrery.engine.checkpoint.AtomicFile;
import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.TensorBytes;
import io.orrery.engine.checkpoint.hub.JsonFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code adapter_config.json}: keys that are not known are passed over, features that are not supported are refused by name. */
final class ConfigJson {
    static final String FILE = "adapter_config.json";

    /** PEFT's own default of {@code r} and {@code lora_alpha}. */
    private static final int DEFAULT_RANK = 8;

    /** Features that change what the tensors mean; off is null, false, or empty. */
    private static final List<String> UNSUPPORTED = List.of(
            "fan_in_fan_out",
            "layer_replication",
            "use_qalora",
            "use_bdlora",
            "alora_invocation_tokens",
            "trainable_token_indices",
            "target_parameters",
            "arrow_config",
            "kasa_config",
            "monteclora_config",
            "velora_config");

    /** Ways to initialise that change the base model's weights too. */
    private static final List<String> CHANGES_BASE = List.of("pissa", "olora", "corda", "loftq", "lora_ga");

    private final Path file;
    private final JsonNode json;

    private ConfigJson(Path file, JsonNode json) {
        this.file = file;
        this.json = json;
    }

    static PeftConfig read(Path file) {
        return new ConfigJson(file, JsonFile.object(file)).config();
    }

    private PeftConfig config() {
        checkType();
        UNSUPPORTED.forEach(this::checkOff);
        checkInitialisation();
        try {
            return new PeftConfig(
                    text("base_model_name_or_path").orElse(""),
                    text("revision"),
                    (int) number("r", DEFAULT_RANK),
                    number("lora_alpha", DEFAULT_RANK),
                    targetModules(),
                    number("lora_dropout", 0),
                    json.path("use_rslora").asBoolean(false),
                    pattern("rank_pattern", node -> (int) whole("rank_pattern", node)),
                    pattern("alpha_pattern", node -> decimal("alpha_pattern", node)),
                    json.path("use_dora").asBoolean(false));
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file, String.valueOf(e.getMessage()), e);
        }
    }

    private void checkType() {
        String type = text("peft_type").orElse("");
        if (!type.equals("LORA")) {
            throw broken("peft_type must be \"LORA\", not \"" + type + "\"; other adapters are not supported");
        }
    }

    private void checkOff(String feature) {
        JsonNode value = json.path(feature);
        boolean isOff = value.isMissingNode()
                || value.isNull()
                || value.isContainer() && value.isEmpty()
                || value.isBoolean() && !value.asBoolean();
        if (!isOff) {
            throw broken(feature + " is " + value + ", which is not supported yet; "
                    + "merge the adapter into its base with PEFT, or train it without");
        }
    }

    private void checkInitialisation() {
        String initialised = json.path("init_lora_weights").asString("");
        if (CHANGES_BASE.stream().anyMatch(initialised::startsWith)) {
            throw broken("init_lora_weights is \"" + initialised
                    + "\", which also changes the base model; convert it to a plain LoRA with PEFT");
        }
    }

    private List<String> targetModules() {
        JsonNode targets = json.path("target_modules");
        if (targets.isString()) {
            return List.of(targets.asString());
        }
        if (!targets.isArray() && !targets.isNull() && !targets.isMissingNode()) {
            throw broken("target_modules must be a list of names, not " + targets);
        }
        List<String> names = new ArrayList<>();
        targets.valueStream().forEach(name -> names.add(name.asString("")));
        return names;
    }

    private Optional<String> text(String key) {
        JsonNode value = json.path(key);
        if (!value.isString() && !value.isNull() && !value.isMissingNode()) {
            throw broken(key + " must be a text, not " + value);
        }
        return value.isString() ? Optional.of(value.asString()) : Optional.empty();
    }

    private double number(String key, double fallback) {
        JsonNode value = json.path(key);
        if (value.isNull() || value.isMissingNode()) {
            return fallback;
        }
        return key.equals("r") ? whole(key, value) : decimal(key, value);
    }

    private long whole(String key, JsonNode value) {
        if (!value.isInt()) {
            throw broken(key + " must be a whole number, not " + value);
        }
        return value.asInt();
    }

    private double decimal(String key, JsonNode value) {
        if (!value.isNumber()) {
            throw broken(key + " must be a number, not " + value);
        }
        return value.asDouble();
    }

    private <T> Map<String, T> pattern(String key, Function<JsonNode, T> value) {
        JsonNode patterns = json.path(key);
        if (!patterns.isObject() && !patterns.isNull() && !patterns.isMissingNode()) {
            throw broken(key + " must be an object that gives modules their numbers, not " + patterns);
        }
        Map<String, T> read = new LinkedHashMap<>();
        patterns.properties().forEach(entry -> read.put(entry.getKey(), value.apply(entry.getValue())));
        return read;
    }

    private CheckpointException broken(String problem) {
        return new CheckpointException(file, problem);
    }

    /** Writes every key that PEFT, vLLM or llama.cpp's converter asks for. */
    static void write(Path file, PeftConfig config) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("peft_type", "LORA");
        json.put("task_type", "CAUSAL_LM");
        json.put("base_model_name_or_path", config.baseModel());
        json.put("revision", config.revision().orElse(null));
        json.put("inference_mode", true);
        json.put("r", config.rank());
        putNumber(json, "lora_alpha", config.alpha());
        json.put("lora_dropout", config.dropout());
        config.targetModules().forEach(json.putArray("target_modules")::add);
        json.put("bias", "none");
        json.put("fan_in_fan_out", false);
        json.put("init_lora_weights", true);
        json.put("use_rslora", config.rankStabilised());
        json.put("use_dora", config.isDora());
        json.putNull("modules_to_save");
        config.rankPattern().forEach(json.putObject("rank_pattern")::put);
        ObjectNode alphas = json.putObject("alpha_pattern");
        config.alphaPattern().forEach((key, alpha) -> putNumber(alphas, key, alpha));
        byte[] text =
                JsonMapper.shared().writer(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(json);
        AtomicFile.write(file, channel -> new TensorBytes(channel).write(text));
    }

    /** A whole number without a point: PEFT declares {@code lora_alpha} an int. */
    private static void putNumber(ObjectNode json, String key, double number) {
        if (number == Math.rint(number) && Math.abs(number) < 1e9) {
            json.put(key, (long) number);
        } else {
            json.put(key, number);
        }
    }
}
