package io.orrery.engine.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A conversation as a chat template takes it, and which of its messages are trained.
 *
 * @param values messages without {@code weight}, contents as plain text
 * @param trained per message: an assistant's whose weight is not 0
 */
record Messages(List<Map<String, Object>> values, List<Boolean> trained) {
    private static final Set<String> ROLES =
            new TreeSet<>(Set.of("system", "developer", "user", "assistant", "tool", "function"));
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    Messages {
        values = List.copyOf(values);
        trained = List.copyOf(trained);
    }

    /** @param pointer where the array stands in its row. @throws RowException that points at what is wrong */
    static Messages of(JsonNode array, String pointer) {
        if (!array.isArray() || array.isEmpty()) {
            throw new RowException(pointer, "must be an array of at least one message, and is " + shown(array));
        }
        List<Map<String, Object>> values = new ArrayList<>();
        List<Boolean> trained = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            JsonNode message = array.get(i);
            String at = pointer + "/" + i;
            if (!message.isObject()) {
                throw new RowException(at, "must be an object with role and content, and is " + shown(message));
            }
            String role = role(message, at);
            values.add(value(message, at));
            trained.add(role.equals("assistant") && weight(message, at) == 1);
        }
        return new Messages(values, trained);
    }

    private static String role(JsonNode message, String at) {
        JsonNode role = message.path("role");
        if (!role.isString() || !ROLES.contains(role.stringValue())) {
            throw new RowException(at + "/role", "must be one of " + ROLES + ", and is " + shown(role));
        }
        if (message.has("weight") && !role.stringValue().equals("assistant")) {
            throw new RowException(
                    at + "/weight", "stands on a message of role " + role + "; only an assistant's has one");
        }
        return role.stringValue();
    }

    private static int weight(JsonNode message, String at) {
        JsonNode weight = message.path("weight");
        if (weight.isMissingNode()) {
            return 1;
        }
        if (!weight.isIntegralNumber() || weight.intValue() != 0 && weight.intValue() != 1) {
            throw new RowException(at + "/weight", "must be 0 or 1, and is " + shown(weight));
        }
        return weight.intValue();
    }

    private static Map<String, Object> value(JsonNode message, String at) {
        Map<String, Object> value = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : message.properties()) {
            if (!entry.getKey().equals("weight") && !entry.getValue().isNull()) {
                value.put(entry.getKey(), plain(entry.getValue()));
            }
        }
        value.put("content", content(message, at + "/content"));
        return value;
    }

    /** A JSON value as maps, lists, strings and numbers. */
    static Object plain(JsonNode node) {
        return MAPPER.treeToValue(node, Object.class);
    }

    private static String content(JsonNode message, String at) {
        JsonNode content = message.path("content");
        if (content.isString()) {
            return content.stringValue();
        }
        if (content.isArray() && !content.isEmpty()) {
            return content.valueStream().map(part -> text(part, at)).collect(Collectors.joining());
        }
        if ((content.isNull() || content.isMissingNode()) && calls(message)) {
            return "";
        }
        throw new RowException(at, "must be a text, and is " + shown(content));
    }

    private static boolean calls(JsonNode message) {
        return message.has("tool_calls") || message.has("function_call");
    }

    private static String text(JsonNode part, String at) {
        if (!part.path("text").isString()) {
            throw new RowException(
                    at, "holds a part that is not text (" + shown(part.path("type")) + "); only text is trained");
        }
        return part.path("text").stringValue();
    }

    static String shown(JsonNode node) {
        String text = node.isMissingNode() ? "missing" : node.toString();
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }
}
