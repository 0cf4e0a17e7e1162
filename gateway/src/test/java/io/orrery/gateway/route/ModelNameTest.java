package io.orrery.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.inference.ResidentModel;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ModelNameTest {
    private static final String COMMIT = "0123456789".repeat(4);

    @Test
    void partsAreTold() {
        assertThat(ModelName.parse("lab/a")).isEqualTo(name("lab/a", null, null));
        assertThat(ModelName.parse("lab/a@v1")).isEqualTo(name("lab/a", null, "v1"));
        assertThat(ModelName.parse("lab/a:lab/b")).isEqualTo(name("lab/a", "lab/b", null));
        assertThat(ModelName.parse("lab/a:lab/b@refs/pr/1")).isEqualTo(name("lab/a", "lab/b", "refs/pr/1"));
    }

    @Test
    void anotherCommitIsAnotherModelButABranchMayBeThisOne() {
        ResidentModel resident = new ResidentModel("lab/a", COMMIT, "ready", List.of("lab/b"), 1);

        assertThat(ModelName.parse("lab/a").isWhole(resident)).isTrue();
        assertThat(ModelName.parse("lab/a@main").isWhole(resident)).isTrue();
        assertThat(ModelName.parse("lab/a@0123456").isWhole(resident)).isTrue();
        assertThat(ModelName.parse("lab/a@" + "f".repeat(40)).isBase(resident)).isFalse();
        assertThat(ModelName.parse("lab/other").isBase(resident)).isFalse();
        assertThat(ModelName.parse("lab/a:lab/b@" + "f".repeat(40)).isWhole(resident))
                .isTrue();
        assertThat(ModelName.parse("lab/a:lab/c").isBase(resident)).isTrue();
        assertThat(ModelName.parse("lab/a:lab/c").isWhole(resident)).isFalse();
    }

    private static ModelName name(String repository, String adapter, String revision) {
        return new ModelName(repository, Optional.ofNullable(adapter), Optional.ofNullable(revision));
    }
}
