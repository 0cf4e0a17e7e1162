package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.identity.Scope;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real {@code @huggingface/hub} client. */
class JavaScriptClientTest extends RunningRegistry {
    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"journey.mjs", "xet.mjs"})
    void theHubsOwnClientCreatesUploadsListsAndDownloads(String script) throws Exception {
        NodePackages.requireInstalled();
        String token = Tokens.of("js", "lab", Scope.MODELS_READ, Scope.MODELS_WRITE);
        NodePackages.Outcome journey = NodePackages.script(script, url(""), token, temp.toString());
        assertThat(journey.output()).endsWith("journey done\n");
        assertThat(journey.code()).isZero();
    }
}
