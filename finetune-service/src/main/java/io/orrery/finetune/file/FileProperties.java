package io.orrery.finetune.file;

import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Where uploaded files are kept and what is refused.
 *
 * @param files folder of the contents
 * @param maxFileSize largest file accepted
 * @param reserve room that stays free on their disk, so that a database beside them goes on
 */
@Validated
@ConfigurationProperties("orrery.finetune")
record FileProperties(
        @NotNull Path files,
        @DefaultValue("512MB") DataSize maxFileSize,
        @DefaultValue("64MB") DataSize reserve) {
    FileProperties {
        if (maxFileSize.toBytes() <= 0) {
            throw new IllegalArgumentException("orrery.finetune.max-file-size must be positive, but is " + maxFileSize);
        }
        if (reserve.isNegative()) {
            throw new IllegalArgumentException("orrery.finetune.reserve must not be negative, but is " + reserve);
        }
    }
}
