package io.orrery.registry.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.api.hub.RepoType;
import java.util.List;
import org.junit.jupiter.api.Test;

class HubPathTest {
    @Test
    void idsHaveOneOrTwoSegments() {
        assertThat(HubPath.parse("/api/models/gpt2")).isEqualTo(path("/api/{type}/{repo}", RepoType.MODEL, "gpt2"));
        assertThat(HubPath.parse("/api/datasets/lab/x"))
                .isEqualTo(path("/api/{type}/{repo}", RepoType.DATASET, "lab/x"));
        assertThat(HubPath.parse("/api/models/gpt2/tree/main"))
                .isEqualTo(path("/api/{type}/{repo}/tree", RepoType.MODEL, "gpt2", "main"));
        assertThat(HubPath.parse("/api/models/lab/x/tree/main/a/b"))
                .isEqualTo(path("/api/{type}/{repo}/tree", RepoType.MODEL, "lab/x", "main", "a", "b"));
    }

    @Test
    void segmentsAreDecodedOnceAndAsUtf8() {
        assertThat(HubPath.parse("/lab/x/resolve/feature%2Fy/a%20b%2Bc+d;e=f/%25/%E6%97%A5.txt"))
                .isEqualTo(path("/{repo}/resolve", RepoType.MODEL, "lab/x", "feature/y", "a b+c+d;e=f", "%", "日.txt"));
    }

    @Test
    void filesOfDatasetsHaveAPrefix() {
        assertThat(HubPath.parse("/datasets/lab/x/raw/main/f"))
                .isEqualTo(path("/{repo}/raw", RepoType.DATASET, "lab/x", "main", "f"));
        assertThat(HubPath.parse("/datasets/lab/x.git/info/lfs/objects/batch"))
                .isEqualTo(path("/{repo}.git/info/lfs/objects/batch", RepoType.DATASET, "lab/x"));
    }

    @Test
    void aFolderNamedLikeARouteIsAFolder() {
        assertThat(HubPath.parse("/lab/x/resolve/main/raw/resolve/f"))
                .isEqualTo(path("/{repo}/resolve", RepoType.MODEL, "lab/x", "main", "raw", "resolve", "f"));
    }

    @Test
    void whatIsNoRouteOfAHubKeepsItsPath() {
        assertThat(HubPath.parse("/api/whoami-v2").pattern()).isEqualTo("/api/whoami-v2");
        assertThat(HubPath.parse("/api/kernels/a/b").pattern()).isEqualTo("/api/kernels/a/b");
        assertThat(HubPath.parse("/").pattern()).isEqualTo("/");
        assertThat(HubPath.parse("").pattern()).isEmpty();
    }

    @Test
    void brokenEscapesAreRefused() {
        for (String broken : List.of("/api/models/a%2", "/api/models/a%zz", "/api/models/%ff", "/api/models/%")) {
            assertThatThrownBy(() -> HubPath.parse(broken)).as(broken).isInstanceOf(HubProblem.class);
        }
    }

    private static HubPath path(String pattern, RepoType type, String repo, String... rest) {
        return new HubPath(pattern, type, repo, List.of(rest));
    }
}
