package io.orrery.gateway.route;

import io.orrery.api.inference.ResidentModel;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A model as requests name it: {@code REPO}, {@code REPO@REV}, {@code BASE:ADAPTER} or {@code BASE:ADAPTER@REV}.
 *
 * @param repository the base's repository
 * @param adapter the adapter's repository
 * @param revision of the adapter where there is one, else of the repository
 */
public record ModelName(String repository, Optional<String> adapter, Optional<String> revision) {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{7,40}");

    public static ModelName parse(String text) {
        int at = text.indexOf('@');
        String named = at < 0 ? text : text.substring(0, at);
        Optional<String> revision = at < 0 ? Optional.empty() : Optional.of(text.substring(at + 1));
        int colon = named.indexOf(':');
        return colon < 0
                ? new ModelName(named, Optional.empty(), revision)
                : new ModelName(named.substring(0, colon), Optional.of(named.substring(colon + 1)), revision);
    }

    /** Whether a worker that holds this model need not load its weights; a branch's or tag's name may mean any commit. */
    boolean isBase(ResidentModel resident) {
        return resident.model().equals(repository)
                && (adapter.isPresent()
                        || revision.filter(rev -> COMMIT.matcher(rev).matches())
                                .filter(rev -> !resident.commit().startsWith(rev))
                                .isEmpty());
    }

    boolean isWhole(ResidentModel resident) {
        return isBase(resident)
                && adapter.filter(name -> !resident.adapters().contains(name)).isEmpty();
    }
}
