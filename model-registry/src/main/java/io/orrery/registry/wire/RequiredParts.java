package io.orrery.registry.wire;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.RecordComponent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a body must hold: every part of its record that is not declared nullable, in the records inside it, too. */
final class RequiredParts {
    private RequiredParts() {}

    static void check(Object body) {
        check(body, "");
    }

    private static void check(@Nullable Object value, String path) {
        if (value instanceof Record parts) {
            for (RecordComponent component : parts.getClass().getRecordComponents()) {
                checkPart(parts, component, path);
            }
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                String place = path + "[" + i + "]";
                if (list.get(i) == null) {
                    throw HubProblem.badRequest("The body has null as " + place);
                }
                check(list.get(i), place);
            }
        }
    }

    private static void checkPart(Record parts, RecordComponent component, String path) {
        String place = (path.isEmpty() ? "" : path + ".") + name(component);
        Object part = part(parts, component);
        if (part == null && !component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
            throw HubProblem.badRequest("The body lacks " + place);
        }
        check(part, place);
    }

    private static String name(RecordComponent component) {
        JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
        return named == null ? component.getName() : named.value();
    }

    private static @Nullable Object part(Record parts, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(parts);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }
}
