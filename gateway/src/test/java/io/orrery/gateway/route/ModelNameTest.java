package io.orrery.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.inference.ModelName;
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

        assertThat(Worker.isWhole(ModelName.parse("lab/a"), resident)).isTrue();
        assertThat(Worker.isWhole(ModelName.parse("lab/a@main"), resident)).isTrue();
        assertThat(Worker.isWhole(ModelName.parse("lab/a@0123456"), resident)).isTrue();
        assertThat(Worker.isBase(ModelName.parse("lab/a@" + "f".repeat(40)), resident))
                .isFalse();
        assertThat(Worker.isBase(ModelName.parse("lab/other"), resident)).isFalse();
        assertThat(Worker.isWhole(ModelName.parse("lab/a:lab/b@" + "f".repeat(40)), resident))
                .isTrue();
        assertThat(Worker.isBase(ModelName.parse("lab/a:lab/c"), resident)).isTrue();
        assertThat(Worker.isWhole(ModelName.parse("lab/a:lab/c"), resident)).isFalse();
    }

    private static ModelName name(String repository, String adapter, String revision) {
        return new ModelName(repository, Optional.ofNullable(adapter), Optional.ofNullable(revision));
    }
}
