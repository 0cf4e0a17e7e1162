package io.orrery.registry.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GitRulesTest {
    @ParameterizedTest
    @CsvSource({
        "*.tmp, a.tmp, true",
        "*.tmp, d/e/a.tmp, true",
        "*.tmp, a.tmpx, false",
        "/a, a, true",
        "/a, d/a, false",
        "d/a, d/a, true",
        "d/a, x/d/a, false",
        "d/, d/x/y, true",
        "d/, d, false",
        "d, d/x, true",
        "**/foo, a/b/foo, true",
        "**/foo, foo, true",
        "a/**, a/b/c, true",
        "a/**, a, false",
        "a/**/b, a/b, true",
        "a/**/b, a/x/y/b, true",
        "?.txt, a.txt, true",
        "?.txt, ab.txt, false",
        "a*b, a/b, false",
        "[ab].txt, b.txt, true",
        "[!ab].txt, b.txt, false",
        "[0-9].txt, 7.txt, true",
        "a+b.txt, a+b.txt, true",
        "(x), (x), true",
    })
    void ignoresAsGitDoes(String rule, String path, boolean ignored) {
        assertThat(GitRules.ignores(rule).isIgnored(path)).isEqualTo(ignored);
    }

    @Test
    void theLastRuleThatMatchesDecides() {
        GitRules rules = GitRules.ignores("# comment\n\n*.log\n!keep.log\n");
        assertThat(rules.isIgnored("a.log")).isTrue();
        assertThat(rules.isIgnored("keep.log")).isFalse();
    }

    @Test
    void attributesTellWhatIsLarge() {
        GitRules rules = GitRules.largeFiles("""
            *.bin filter=lfs diff=lfs merge=lfs -text
            saved_model/**/* filter=lfs
            small.bin !filter
            *.txt text
            """);
        assertThat(rules.isLarge("a/b.bin")).isTrue();
        assertThat(rules.isLarge("saved_model/x/y")).isTrue();
        assertThat(rules.isLarge("saved_model/y")).isTrue();
        assertThat(rules.isLarge("small.bin")).isFalse();
        assertThat(rules.isLarge("a.txt")).isFalse();
    }

    @Test
    void aPatternMadeOfStarsEndsInTime() {
        GitRules rules = GitRules.ignores("*a".repeat(100) + "b\n" + "**/".repeat(80) + "x");
        String path = "a/".repeat(500) + "a".repeat(200);
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(30), () -> assertThat(rules.isIgnored(path)).isFalse());
    }

    @Test
    void aPatternThatCannotBeReadMatchesNothing() {
        assertThat(GitRules.ignores("[ab\n*.log").isIgnored("a.log")).isTrue();
    }
}
