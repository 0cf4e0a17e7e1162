package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.identity.Scope;
import io.orrery.api.identity.ServiceToken;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real {@code @huggingface/hub} and {@code @huggingface/gguf}. */
class JavaScriptClientTest extends RunningRegistry {
    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"journey.mjs", "xet.mjs", "wider.mjs", "gguf.mjs"})
    void theHubsOwnPackagesDoWhatTheyOffer(String script) throws Exception {
        NodePackages.requireInstalled();
        String caller = script.equals("wider.mjs") ? "wider" : "js";
        String token = Tokens.of(caller, "lab", Scope.MODELS_READ, Scope.MODELS_WRITE);
        String nobody = Tokens.of(ServiceToken.ANONYMOUS, null, Scope.MODELS_READ);
        NodePackages.Outcome journey = NodePackages.script(script, url(""), token, temp.toString(), nobody);
        assertThat(journey.output()).endsWith("journey done\n");
        assertThat(journey.code()).as(journey.output()).isZero();
    }
}
