package io.orrery.registry.policy;

import io.orrery.registry.repository.GitPattern;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The rules of content.
 *
 * @param pickle what follows from a pickle, which runs code when Python loads it
 * @param licences which are taken
 * @param sizes most bytes of files by their names; the first pattern that fits decides
 * @param forbidden patterns of names that are refused
 * @param scanLimit most bytes of a content that is fetched to be scanned; those on a disk of this machine are scanned whatever their size
 */
@Validated
@ConfigurationProperties("orrery.registry.policy")
record PolicyProperties(
        @DefaultValue("flag") Action pickle,
        @DefaultValue Licences licences,
        @DefaultValue List<SizeRule> sizes,
        @DefaultValue List<String> forbidden,
        @DefaultValue("10GB") DataSize scanLimit) {
    PolicyProperties {
        sizes = List.copyOf(sizes);
        forbidden = List.copyOf(forbidden);
        forbidden.forEach(PolicyProperties::requirePattern);
    }

    /**
     * By the names that cards use, in any case.
     *
     * @param allow the only ones; empty: all
     * @param deny those that are not taken
     * @param action what follows from another one
     */
    record Licences(
            @DefaultValue Set<String> allow,
            @DefaultValue Set<String> deny,
            @DefaultValue("block") Action action) {
        Licences {
            allow = Set.copyOf(allow);
            deny = Set.copyOf(deny);
        }
    }

    /** @param pattern of names, as in a .gitignore */
    record SizeRule(String pattern, DataSize most) {
        @SuppressWarnings("NullAway") // a half-written rule
        SizeRule {
            requirePattern(pattern);
            if (most == null || most.isNegative()) {
                throw new IllegalArgumentException(
                        "orrery.registry.policy.sizes: the pattern '" + pattern + "' needs a size as most");
            }
        }
    }

    private static void requirePattern(@Nullable String pattern) {
        if (pattern == null || pattern.isBlank() || GitPattern.parse(pattern).isEmpty()) {
            throw new IllegalArgumentException("orrery.registry.policy: '" + pattern + "' is no pattern of file names");
        }
    }
}
