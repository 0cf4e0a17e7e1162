package io.orrery.registry.hubcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ImportPropertiesTest {
    @Test
    void noFolderIsReadByDefault() {
        assertThat(bind(Map.of()).roots()).isEmpty();
    }

    @Test
    void foldersAreMapped() {
        assertThat(bind(Map.of("orrery.registry.import.roots", "/srv/a,/srv/b")).roots())
                .containsExactly(Path.of("/srv/a"), Path.of("/srv/b"));
    }

    @Test
    void aFolderThatDependsOnWhereTheProcessStartedIsRefused() {
        assertThatThrownBy(() -> new ImportProperties(List.of(Path.of("cache"))))
                .hasMessageContaining("orrery.registry.import.roots")
                .hasMessageContaining("cache");
    }

    private static ImportProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("orrery.registry.import", ImportProperties.class);
    }
}
