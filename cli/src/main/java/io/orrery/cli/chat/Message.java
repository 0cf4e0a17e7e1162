package io.orrery.cli.chat;

import java.util.LinkedHashMap;
import java.util.Map;

/** What somebody said. @param role {@code system}, {@code user} or {@code assistant} */
record Message(String role, String content) {
    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("role", role);
        json.put("content", content);
        return json;
    }
}
