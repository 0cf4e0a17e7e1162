package io.orrery.gateway.proxy;

import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/** The services behind the gateway, and the secret by which they know it. */
final class UpstreamProperties {
    private UpstreamProperties() {}

    /**
     * Where the services are.
     *
     * @param registryUrl of the model-registry, such as {@code http://model-registry:8081}
     * @param finetuneUrl of the finetune-service, such as {@code http://finetune-service:8083}
     */
    @Validated
    @ConfigurationProperties("orrery.gateway")
    record Addresses(@NotNull URI registryUrl, @NotNull URI finetuneUrl) {
        Addresses {
            check("registry-url", registryUrl);
            check("finetune-url", finetuneUrl);
        }

        private static void check(String key, @Nullable URI url) {
            if (url != null
                    && (url.getHost() == null
                            || !String.valueOf(url.getScheme()).startsWith("http"))) {
                throw new IllegalArgumentException("orrery.gateway." + key + " is \"" + url
                        + "\", but must be an address such as http://127.0.0.1:8081");
            }
        }
    }

    /**
     * The secret that the platform's services share.
     *
     * @param secret at least 32 bytes of text, the same in every service
     */
    @Validated
    @ConfigurationProperties("orrery.identity")
    record Identity(@NotNull String secret) {
        private static final int FEWEST_BYTES = 32;

        Identity {
            int bytes = secret == null ? 0 : secret.getBytes(StandardCharsets.UTF_8).length;
            if (bytes < FEWEST_BYTES) {
                throw new IllegalArgumentException("orrery.identity.secret has " + bytes + " bytes, but needs at least "
                        + FEWEST_BYTES + "; give every service the same one");
            }
        }

        @Override
        public String toString() {
            return "Identity[secret=hidden]";
        }
    }
}
