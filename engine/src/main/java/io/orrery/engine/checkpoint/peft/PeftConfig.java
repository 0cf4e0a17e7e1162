package io.orrery.engine.checkpoint.peft;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code adapter_config.json} says of a LoRA adapter (PEFT {@code src/peft/tuners/lora/config.py}).
 *
 * @param baseModel name or path of the model it was trained on; may be empty
 * @param revision of the base model
 * @param rank {@code r}, of the modules that no pattern names
 * @param alpha {@code lora_alpha}, of the modules that no pattern names
 * @param targetModules last parts of the module paths, as {@code q_proj}
 * @param dropout used in training only
 * @param rankStabilised whether the scale divides by the root of the rank (rsLoRA, arXiv 2312.03732)
 * @param rankPattern ranks of the modules whose path ends in a key, the first that matches; keys are regular expressions
 * @param alphaPattern the same for alpha
 * @param isDora whether every pair has a magnitude beside it
 */
public record PeftConfig(
        String baseModel,
        Optional<String> revision,
        int rank,
        double alpha,
        List<String> targetModules,
        double dropout,
        boolean rankStabilised,
        Map<String, Integer> rankPattern,
        Map<String, Double> alphaPattern,
        boolean isDora) {
    public PeftConfig {
        targetModules = List.copyOf(targetModules);
        rankPattern = Collections.unmodifiableMap(new LinkedHashMap<>(rankPattern));
        alphaPattern = Collections.unmodifiableMap(new LinkedHashMap<>(alphaPattern));
        if (rank <= 0 || rankPattern.values().stream().anyMatch(other -> other <= 0)) {
            throw new IllegalArgumentException(
                    "r must be at least 1, not " + rank + " with rank_pattern " + rankPattern);
        }
        if (!Double.isFinite(alpha) || !alphaPattern.values().stream().allMatch(Double::isFinite)) {
            throw new IllegalArgumentException(
                    "lora_alpha must be a number, not " + alpha + " with alpha_pattern " + alphaPattern);
        }
        rankPattern.keySet().forEach(ModulePattern::check);
        alphaPattern.keySet().forEach(ModulePattern::check);
    }

    /** Reads a folder's {@code adapter_config.json}. @throws io.orrery.engine.checkpoint.CheckpointException for what is not supported */
    public static PeftConfig read(Path folder) {
        return ConfigJson.read(folder.resolve(ConfigJson.FILE));
    }

    /** The rank of a module. */
    public int rank(String modulePath) {
        return ModulePattern.first(rankPattern, modulePath).orElse(rank);
    }

    /** What B·A is multiplied by in a module: alpha / rank, or alpha / √rank. */
    public double scale(String modulePath) {
        double moduleAlpha = ModulePattern.first(alphaPattern, modulePath).orElse(alpha);
        int moduleRank = rank(modulePath);
        return moduleAlpha / (rankStabilised ? Math.sqrt(moduleRank) : moduleRank);
    }
}
