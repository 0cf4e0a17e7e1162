package io.orrery.registry.hubcache;

import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What administrators may have read from this machine's disks.
 *
 * @param roots absolute folders in which caches of {@code huggingface_hub} may lie; none by default, and then nothing is read
 */
@Validated
@ConfigurationProperties("orrery.registry.import")
record ImportProperties(@DefaultValue List<Path> roots) {
    ImportProperties {
        roots = List.copyOf(roots);
        for (Path root : roots) {
            if (!root.isAbsolute()) {
                throw new IllegalArgumentException(
                        "orrery.registry.import.roots must be absolute folders, but one is " + root);
            }
        }
    }
}
