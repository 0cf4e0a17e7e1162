package io.orrery.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNamesTest {
    @Test
    void aNameIsMeantOnlyWhereItIsNear() {
        assertThat(NearestNames.meant("trainig_file", List.of("training_file", "validation_file")))
                .contains("training_file");
        assertThat(NearestNames.meant("colour", List.of("training_file", "model")))
                .isEmpty();
        assertThat(NearestNames.meant("model", List.of())).isEmpty();
    }

    @Test
    void namesComeByTheirDistance() {
        assertThat(NearestNames.nearest("abc", List.of("xyz", "abd", "abcde", "abc")))
                .containsExactly("abc", "abd", "abcde", "xyz");
    }
}
