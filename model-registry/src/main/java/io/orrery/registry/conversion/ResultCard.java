package io.orrery.registry.conversion;

import io.orrery.registry.inspection.ModelCard;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** The README.md of a result: what it was made of, under which terms, and how. */
record ResultCard(Order order, ModelCard source) {
    private static final List<String> KEPT = List.of(
            "license", "license_name", "license_link", "language", "pipeline_tag", "datasets", "extra_gated_prompt");

    String text() {
        Map<String, Object> values = source instanceof ModelCard.Data data ? data.values() : Map.of();
        Map<String, Object> front = new LinkedHashMap<>();
        for (String key : KEPT) {
            Object value = values.get(key);
            if (value != null) {
                front.put(key, value);
            }
        }
        front.put("base_model", order.source().name());
        // of the words that hubs know, the one for a model whose numbers are kept in another way
        front.put("base_model_relation", "quantized");
        front.put("base_model_revision", order.source().commit());
        front.put("tags", tags(values.get("tags")));
        return "---\n" + yaml(front) + "---\n\n" + body();
    }

    private List<String> tags(@Nullable Object ofSource) {
        Set<String> tags = new LinkedHashSet<>();
        if (ofSource instanceof List<?> list) {
            list.forEach(tag -> tags.add(String.valueOf(tag)));
        }
        tags.add("converted");
        switch (order.kind()) {
            case GGUF, QUANTIZE -> tags.add("gguf");
            case SAFETENSORS, DEQUANTIZE -> tags.add("safetensors");
        }
        return new ArrayList<>(tags);
    }

    private String body() {
        String made = switch (order.kind()) {
            case SAFETENSORS -> "Its pickled weights as safetensors, number by number.";
            case GGUF -> "A GGUF file of type " + order.type().orElseThrow() + ".";
            case QUANTIZE ->
                "Its file " + order.source().file().orElse("") + " as a GGUF file of type "
                        + order.type().orElseThrow() + ".";
            case DEQUANTIZE ->
                "Its weights in " + order.type().orElseThrow() + ", as safetensors."
                        + order.source()
                                .file()
                                .map(file -> " Made of " + file + ".")
                                .orElse("");
        };
        return "# " + order.target().value() + "\n\nMade of " + order.source().name() + " at commit "
                + order.source().commit() + " by Orrery. " + made + "\n";
    }

    private static String yaml(Map<String, Object> values) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setAllowUnicode(true);
        return new Yaml(options).dump(values);
    }
}
