package io.orrery.finetune.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.finetune.Binding;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class FilePropertiesTest {
    private static final String PREFIX = "orrery.finetune";

    @Test
    void defaults() {
        assertThat(Binding.bind(PREFIX, FileProperties.class, Map.of(PREFIX + ".files", "/f")))
                .isEqualTo(new FileProperties(Path.of("/f"), DataSize.ofMegabytes(512), DataSize.ofMegabytes(64)));
    }

    @Test
    void everyKey() {
        assertThat(Binding.bind(
                        PREFIX,
                        FileProperties.class,
                        Map.of(PREFIX + ".files", "/f", PREFIX + ".max-file-size", "1KB", PREFIX + ".reserve", "2MB")))
                .isEqualTo(new FileProperties(Path.of("/f"), DataSize.ofKilobytes(1), DataSize.ofMegabytes(2)));
    }

    @Test
    void aLimitOfNothingIsRefused() {
        assertThatThrownBy(() -> Binding.bind(
                        PREFIX, FileProperties.class, Map.of(PREFIX + ".files", "/f", PREFIX + ".max-file-size", "0B")))
                .hasRootCauseMessage("orrery.finetune.max-file-size must be positive, but is 0B");
    }
}
