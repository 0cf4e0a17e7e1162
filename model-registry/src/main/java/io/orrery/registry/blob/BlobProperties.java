package io.orrery.registry.blob;

import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Where contents are kept and what is refused.
 *
 * @param blobs folder of the contents
 * @param reserve room that stays free on their disk, so that a database beside them goes on
 * @param smallContent largest content that is kept in the database in place of a file
 * @param maxFileSize largest content accepted
 * @param maxCommitSize largest body of a commit accepted
 */
@Validated
@ConfigurationProperties("orrery.registry")
public record BlobProperties(
        @NotNull Path blobs,
        @DefaultValue("64MB") DataSize reserve,
        @DefaultValue("16KB") DataSize smallContent,
        @DefaultValue("500GB") DataSize maxFileSize,
        @DefaultValue("2GB") DataSize maxCommitSize) {
    public BlobProperties {
        if (reserve.isNegative()) {
            throw new IllegalArgumentException("orrery.registry.reserve must not be negative, but is " + reserve);
        }
        if (smallContent.isNegative() || smallContent.compareTo(DataSize.ofMegabytes(1)) > 0) {
            throw new IllegalArgumentException(
                    "orrery.registry.small-content must be from 0 to 1MB, but is " + smallContent);
        }
        if (maxFileSize.toBytes() <= 0 || maxCommitSize.toBytes() <= 0) {
            throw new IllegalArgumentException("orrery.registry.max-file-size (" + maxFileSize
                    + ") and max-commit-size (" + maxCommitSize + ") must be positive");
        }
    }
}
