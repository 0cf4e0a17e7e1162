package io.orrery.gateway.key;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Keys that are there from the first start.
 *
 * @param bootstrapKey the first administrator's key, {@code hf_} and at least 32 letters or digits; put into the database where it is
 *     not there yet, with every scope; none where absent
 * @param defaultProject the project of keys that name none, and so the namespace of the repositories made with them
 */
@Validated
@ConfigurationProperties("orrery.gateway")
record KeyProperties(
        @Nullable String bootstrapKey, @DefaultValue("lab") String defaultProject) {
    /** A project is a namespace of repositories, so it keeps to the Hub's rule for one. */
    private static final Pattern PROJECT = Pattern.compile("[A-Za-z0-9_](?:[\\w.-]{0,94}[A-Za-z0-9_])?");

    KeyProperties {
        if (bootstrapKey != null && !KeySecret.of(bootstrapKey).hasKeyShape()) {
            throw new IllegalArgumentException("orrery.gateway.bootstrap-key has " + bootstrapKey.length()
                    + " characters, but must be hf_ and then 32 to 128 letters or digits;"
                    + " make one with: echo hf_$(openssl rand -hex 20)");
        }
        if (!isProject(defaultProject)) {
            throw new IllegalArgumentException("orrery.gateway.default-project is \"" + defaultProject
                    + "\", but must be 1 to 96 letters, digits, '-', '_' or '.'");
        }
    }

    static boolean isProject(String text) {
        return PROJECT.matcher(text).matches() && !text.contains("--") && !text.contains("..");
    }

    Optional<KeySecret> bootstrapSecret() {
        return Optional.ofNullable(bootstrapKey).map(KeySecret::of);
    }

    @Override
    public String toString() {
        return "KeyProperties[defaultProject=" + defaultProject + "]";
    }
}
