package io.orrery.cli.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON of a case as the plain maps and lists that templates take. */
final class Conversations {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<LinkedHashMap<String, Object>> MAP = new TypeReference<>() {};

    private Conversations() {}

    /** An object, empty where it is absent. */
    static Map<String, Object> map(JsonNode object) {
        return object.isObject() ? JSON.convertValue(object, MAP) : Map.of();
    }

    static List<Map<String, Object>> messages(JsonNode array) {
        List<Map<String, Object>> messages = new ArrayList<>();
        array.forEach(each -> messages.add(map(each)));
        return messages;
    }

    static int[] ids(JsonNode array) {
        int[] ids = new int[array.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = array.get(i).intValue();
        }
        return ids;
    }
}
