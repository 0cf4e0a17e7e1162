package io.orrery.registry.repository;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How repositories are read.
 *
 * @param treeCache memory for folders that were read last
 */
@Validated
@ConfigurationProperties("orrery.registry.repository")
record RepositoryProperties(@DefaultValue("64MB") DataSize treeCache) {
    RepositoryProperties {
        if (treeCache.isNegative()) {
            throw new IllegalArgumentException(
                    "orrery.registry.repository.tree-cache must not be negative, but is " + treeCache);
        }
    }
}
