package io.orrery.registry.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.registry.wire.HubProblem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"a", "a/b/c.txt", "name with spaces", "#%+&?;'\"[x]~^", "日本/😀", "-a", ".gitignore", "a/.git"})
    void pathsThatRepositoriesHold(String path) {
        assertThat(FilePath.parse(path)).hasToString(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/a", "a/", "a//b", "..", "a/../b", "./a", "a/.", ".git", ".git/config", ".GIT/x", "a\0b"})
    void pathsThatAreRefused(String path) {
        assertThatThrownBy(() -> FilePath.parse(path))
                .isInstanceOfSatisfying(
                        HubProblem.class, e -> assertThat(e.status()).isEqualTo(400))
                .hasMessageContaining("is refused");
    }

    @Test
    void aSegmentThatNoFileSystemTakesIsRefused() {
        assertThatThrownBy(() -> FilePath.parse("ü".repeat(128))).hasMessageContaining("more than 255 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "tiny-llama", "Qwen3_0.6B", "a.b-c"})
    void namesOfRepositories(String name) {
        assertThat(RepoName.of("lab", name).value()).isEqualTo("lab/" + name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a-", ".a", "a.", "a--b", "a..b", "a.git", "tree", "resolve", "ü", "a b", "a/b"})
    void namesThatAreRefused(String name) {
        assertThatThrownBy(() -> RepoName.of("lab", name))
                .hasMessageStartingWith("Invalid repository name '" + name + "'");
    }

    @Test
    void aNamespaceThatIsAnAddressIsRefused() {
        assertThatThrownBy(() -> RepoName.of("api", "x")).isInstanceOf(HubProblem.class);
        assertThatThrownBy(() -> RepoName.of("datasets", "x")).isInstanceOf(HubProblem.class);
    }
}
