package io.orrery.registry.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobsTest {
    @ParameterizedTest
    @CsvSource({
        "*, org/name, true",
        "org/*, org/name, true",
        "org/*, ORG/name, true",
        "org/*, organisation/name, false",
        "org/*, org, false",
        "*.safetensors, a/b.safetensors, true",
        "*.safetensors, a/b.safetensors.tmp, false",
        "model-?.bin, model-1.bin, true",
        "model-?.bin, model-12.bin, false",
        "folder/, folder/a/b, true",
        "folder/, folders/a, false",
        "a.c, abc, false",
        "[x], [x], true",
    })
    void patternsMatchAsClientsHaveThem(String glob, String name, boolean matches) {
        assertThat(Globs.of(List.of(glob), Pattern.CASE_INSENSITIVE).match(name))
                .isEqualTo(matches);
    }
}
