package io.orrery.registry.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.orrery.registry.policy.PolicyProperties.Licences;
import io.orrery.registry.policy.PolicyProperties.SizeRule;
import io.orrery.registry.policy.Verdict.Violation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class PolicyTest {
    private static final Licences ANY = new Licences(Set.of(), Set.of(), Action.BLOCK);
    private static final byte[] ZIP = {'P', 'K', 3, 4, 0, 0};

    @Test
    void picklesAreTakenFlaggedOrBlockedAsTheRuleSays() {
        Proposal pickle = files(ProposedFile.of("pytorch_model.bin", 5, Optional.of(ZIP)));
        assertThat(policy(Action.ALLOW, ANY).check(pickle)).isEqualTo(new Verdict(List.of(), List.of()));
        assertThat(policy(Action.FLAG, ANY).check(pickle).flagged())
                .extracting(Violation::path)
                .containsExactly("pytorch_model.bin");
        Verdict blocked = policy(Action.BLOCK, ANY).check(pickle);
        assertThat(blocked.isBlocked()).isTrue();
        assertThat(blocked.blocked().getFirst().sentence())
                .contains("pytorch_model.bin")
                .contains("rule pickle")
                .contains("safetensors");
    }

    @Test
    void aBinFileIsAPickleOnlyWhereItBeginsAsOne() {
        assertThat(ProposedFile.of("a.bin", 9, Optional.of(new byte[] {(byte) 0x80, 2, 'c'}))
                        .isPickle())
                .isTrue();
        assertThat(ProposedFile.of("a.bin", 9, Optional.of("<xml".getBytes(StandardCharsets.UTF_8)))
                        .isPickle())
                .isFalse();
        assertThat(ProposedFile.of("a.bin", 9, Optional.empty()).isPickle()).isTrue();
        assertThat(ProposedFile.of("a.PT", 9, Optional.of("<xml".getBytes(StandardCharsets.UTF_8)))
                        .isPickle())
                .isTrue();
        assertThat(ProposedFile.of("a.safetensors", 9, Optional.of(ZIP)).isPickle())
                .isFalse();
    }

    @Test
    void licencesAreDeniedOrAllowedInAnyCase() {
        Policy denies = policy(Action.FLAG, new Licences(Set.of(), Set.of("CC-BY-NC-4.0"), Action.BLOCK));
        assertThat(denies.check(licensed("cc-by-nc-4.0")).blocked().getFirst().sentence())
                .contains("README.md", "'cc-by-nc-4.0'", "rule licences");
        assertThat(denies.check(licensed("mit")).isBlocked()).isFalse();
        Policy allows = policy(Action.FLAG, new Licences(Set.of("mit", "apache-2.0"), Set.of(), Action.FLAG));
        assertThat(allows.check(licensed("Apache-2.0")).flagged()).isEmpty();
        assertThat(allows.check(licensed("gemma")).flagged().getFirst().sentence())
                .contains("it takes apache-2.0, mit");
    }

    @Test
    void theFirstPatternThatFitsLimitsTheSize() {
        Policy policy = new Policy(new PolicyProperties(
                Action.FLAG,
                ANY,
                List.of(new SizeRule("data/*.csv", DataSize.ofBytes(100)), new SizeRule("*.csv", DataSize.ofBytes(10))),
                List.of("secrets/", "*.exe"),
                DataSize.ofGigabytes(1)));
        assertThat(policy.check(files(new ProposedFile("data/a.csv", 100, false)))
                        .isBlocked())
                .isFalse();
        assertThat(policy.check(files(new ProposedFile("a.csv", 11, false)))
                        .blocked()
                        .getFirst()
                        .sentence())
                .contains("a.csv has 11 bytes", "rule sizes", "at most 10");
        assertThat(policy.check(files(
                                new ProposedFile("secrets/key.txt", 1, false), new ProposedFile("bin/x.exe", 1, false)))
                        .blocked())
                .extracting(Violation::rule, Violation::path)
                .containsExactly(tuple("forbidden", "secrets/key.txt"), tuple("forbidden", "bin/x.exe"));
    }

    private static Policy policy(Action pickle, Licences licences) {
        return new Policy(new PolicyProperties(pickle, licences, List.of(), List.of(), DataSize.ofGigabytes(1)));
    }

    private static Proposal files(ProposedFile... files) {
        return new Proposal("lab/x", List.of(), List.of(files));
    }

    private static Proposal licensed(String licence) {
        return new Proposal("lab/x", List.of(licence), List.of());
    }
}
