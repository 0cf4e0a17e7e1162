package io.orrery.api.inference;

import java.util.Optional;

/**
 * A model as requests name it: {@code REPO}, {@code REPO@REV}, {@code BASE:ADAPTER} or {@code BASE:ADAPTER@REV}.
 *
 * @param repository the base's repository
 * @param adapter the adapter's repository
 * @param revision of the adapter where there is one, else of the repository
 */
public record ModelName(String repository, Optional<String> adapter, Optional<String> revision) {
    public static ModelName parse(String text) {
        int at = text.indexOf('@');
        String named = at < 0 ? text : text.substring(0, at);
        Optional<String> revision = at < 0 ? Optional.empty() : Optional.of(text.substring(at + 1));
        int colon = named.indexOf(':');
        return colon < 0
                ? new ModelName(named, Optional.empty(), revision)
                : new ModelName(named.substring(0, colon), Optional.of(named.substring(colon + 1)), revision);
    }

    @Override
    public String toString() {
        return repository
                + adapter.map(name -> ":" + name).orElse("")
                + revision.map(name -> "@" + name).orElse("");
    }
}
