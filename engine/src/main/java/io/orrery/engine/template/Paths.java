package io.orrery.engine.template;

import io.orrery.engine.template.Value.Int;
import io.orrery.engine.template.Value.Text;

/** The {@code attribute} argument of filters: names and positions with dots between them. */
final class Paths {
    private Paths() {}

    static Value get(Value value, Value path) {
        if (!(path instanceof Text text)) {
            return Attributes.item(value, path);
        }
        Value result = value;
        for (String part : PythonStrings.split(text.value(), ".", -1)) {
            boolean position =
                    !part.isEmpty() && part.length() < 10 && part.chars().allMatch(c -> c >= '0' && c <= '9');
            result = Attributes.item(result, position ? new Int(Long.parseLong(part)) : Text.of(part));
        }
        return result;
    }
}
