package io.orrery.registry.lfs;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How large contents arrive.
 *
 * @param multipartThreshold contents larger than this come in parts, where the client can and the repository names no other size
 * @param partSize of one part; smaller where the threshold is
 */
@Validated
@ConfigurationProperties("orrery.registry.lfs")
record LfsProperties(
        @DefaultValue("5GB") DataSize multipartThreshold,
        @DefaultValue("64MB") DataSize partSize) {
    /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html, by which clients were written. */
    static final DataSize SMALLEST_PART = DataSize.ofMegabytes(5);

    LfsProperties {
        if (multipartThreshold.toBytes() <= 0 || partSize.compareTo(SMALLEST_PART) < 0) {
            throw new IllegalArgumentException("orrery.registry.lfs.multipart-threshold (" + multipartThreshold
                    + ") must be positive and part-size (" + partSize + ") at least " + SMALLEST_PART);
        }
    }
}
