package io.orrery.engine.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** A Hugging Face {@code config.json}, read by its own key names; a null is the same as an absent key. Immutable. */
record Config(JsonNode json) {
    /** Far above every published model: a hostile file must not make us walk or allocate without end. */
    private static final int MOST = 1 << 24;

    Config {
        if (!json.isObject()) {
            throw new ModelException("config.json holds " + json.getNodeType() + ", not an object");
        }
    }

    /** A whole number from 1 on. @throws ModelException where it is absent */
    int size(String key) {
        return number(key).map(node -> size(key, node)).orElseThrow(() -> absent(key));
    }

    int size(String key, int otherwise) {
        return number(key).map(node -> size(key, node)).orElse(otherwise);
    }

    /** Also 0, for what may be none. */
    int count(String key, int otherwise) {
        return number(key).map(node -> integer(key, node, 0)).orElse(otherwise);
    }

    /** A positive number. */
    double decimal(String key, double otherwise) {
        return number(key).map(node -> decimal(key, node)).orElse(otherwise);
    }

    /** A positive number. @throws ModelException where it is absent */
    double decimal(String key) {
        return number(key).map(node -> decimal(key, node)).orElseThrow(() -> absent(key));
    }

    boolean flag(String key, boolean otherwise) {
        return get(key).map(node -> {
                    if (!node.isBoolean()) {
                        throw wrong(key, "true or false", node);
                    }
                    return node.booleanValue();
                })
                .orElse(otherwise);
    }

    Optional<String> string(String key) {
        return get(key).map(node -> {
            if (!node.isString()) {
                throw wrong(key, "a string", node);
            }
            return node.stringValue();
        });
    }

    Optional<List<String>> strings(String key) {
        return get(key).map(node -> {
            List<String> values = new ArrayList<>();
            for (JsonNode value : node) {
                if (!value.isString()) {
                    throw wrong(key, "a list of strings", node);
                }
                values.add(value.stringValue());
            }
            return values;
        });
    }

    Optional<List<Float>> decimals(String key) {
        return get(key).map(node -> {
            List<Float> values = new ArrayList<>();
            for (JsonNode value : node) {
                if (!value.isNumber()) {
                    throw wrong(key, "a list of numbers", node);
                }
                values.add(value.floatValue());
            }
            return values;
        });
    }

    Optional<Config> nested(String key) {
        return get(key).map(node -> {
            if (!node.isObject()) {
                throw wrong(key, "an object", node);
            }
            return new Config(node);
        });
    }

    boolean has(String key) {
        return json.has(key);
    }

    private Optional<JsonNode> get(String key) {
        return Optional.ofNullable(json.get(key)).filter(node -> !node.isNull());
    }

    private Optional<JsonNode> number(String key) {
        return get(key).map(node -> {
            if (!node.isNumber()) {
                throw wrong(key, "a number", node);
            }
            return node;
        });
    }

    private static int size(String key, JsonNode node) {
        return integer(key, node, 1);
    }

    private static int integer(String key, JsonNode node, int least) {
        double value = node.numberValue().doubleValue();
        if (!(value >= least && value <= MOST) || value != Math.rint(value)) {
            throw wrong(key, "a whole number within " + least + ".." + MOST, node);
        }
        return (int) value;
    }

    private static double decimal(String key, JsonNode node) {
        double value = node.numberValue().doubleValue();
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw wrong(key, "a positive number", node);
        }
        return value;
    }

    private ModelException absent(String key) {
        return new ModelException("config.json has no '" + key + "' among " + json.propertyNames());
    }

    private static ModelException wrong(String key, String wanted, JsonNode found) {
        String text = found.toString();
        String shown = text.length() <= 60 ? text : text.substring(0, 60) + "...";
        return new ModelException("'" + key + "' in config.json is " + shown + "; it must be " + wanted);
    }
}
