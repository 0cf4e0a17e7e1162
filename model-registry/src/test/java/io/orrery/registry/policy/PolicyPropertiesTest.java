package io.orrery.registry.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.registry.policy.PolicyProperties.Licences;
import io.orrery.registry.policy.PolicyProperties.SizeRule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class PolicyPropertiesTest {
    @Test
    void picklesAreFlaggedAndAllElseIsTaken() {
        assertThat(bind(Map.of()))
                .isEqualTo(new PolicyProperties(
                        Action.FLAG,
                        new Licences(Set.of(), Set.of(), Action.BLOCK),
                        List.of(),
                        List.of(),
                        DataSize.ofGigabytes(10)));
    }

    @Test
    void everyKey() {
        assertThat(bind(Map.of(
                        "orrery.registry.policy.pickle", "block",
                        "orrery.registry.policy.licences.allow", "mit,apache-2.0",
                        "orrery.registry.policy.licences.deny", "gemma",
                        "orrery.registry.policy.licences.action", "flag",
                        "orrery.registry.policy.sizes[0].pattern", "*.csv",
                        "orrery.registry.policy.sizes[0].most", "1GB",
                        "orrery.registry.policy.forbidden", "*.exe,keys/",
                        "orrery.registry.policy.scan-limit", "5MB")))
                .isEqualTo(new PolicyProperties(
                        Action.BLOCK,
                        new Licences(Set.of("mit", "apache-2.0"), Set.of("gemma"), Action.FLAG),
                        List.of(new SizeRule("*.csv", DataSize.ofGigabytes(1))),
                        List.of("*.exe", "keys/"),
                        DataSize.ofMegabytes(5)));
    }

    @Test
    void aPatternThatIsNoneIsRefused() {
        assertThatThrownBy(() -> bind(Map.of("orrery.registry.policy.forbidden", "a[b")))
                .rootCause()
                .hasMessageContaining("'a[b' is no pattern");
    }

    private static PolicyProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("orrery.registry.policy", PolicyProperties.class);
    }
}
