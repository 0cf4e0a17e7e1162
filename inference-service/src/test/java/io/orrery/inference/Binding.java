package io.orrery.inference;

import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Binds settings as the application does. */
public final class Binding {
    private static final String PREFIX = "orrery.inference";

    private Binding() {}

    /** @param settings without their prefix */
    public static <T> T bind(Class<T> type, Map<String, String> settings) {
        Map<String, String> prefixed = settings.entrySet().stream()
                .collect(Collectors.toMap(setting -> PREFIX + "." + setting.getKey(), Map.Entry::getValue));
        return new Binder(new MapConfigurationPropertySource(prefixed)).bindOrCreate(PREFIX, type);
    }
}
