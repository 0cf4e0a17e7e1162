package io.orrery.registry.policy;

import io.orrery.registry.inspection.PickleFiles;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.GitBlob;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.TreeItem;
import io.orrery.registry.resolve.ResolveObserver;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubWarning;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Warns whoever downloads a file that the rules flag, or that was found to be dangerous. */
@Component
class PickleAdvice implements ResolveObserver {
    private static final String TOPIC = "policy";
    private static final int MOST_NAMED = 5;
    private static final String CONVERT =
            " Prefer safetensors; POST /api/conversions with the kind safetensors makes them.";

    private final PickleScans scans;
    private final Policy policy;

    PickleAdvice(PickleScans scans, Policy policy) {
        this.scans = scans;
        this.policy = policy;
    }

    @Override
    public void resolving(HubCall call, Repo repo, Commit commit, TreeItem file) {
        if (PickleFiles.isNamedSo(file.path())) {
            file.blob()
                    .flatMap(GitBlob::sha256)
                    .flatMap(sha256 ->
                            Optional.ofNullable(scans.of(List.of(sha256)).get(sha256)))
                    .flatMap(scan -> warning(file.path(), scan))
                    .ifPresent(warning -> HubWarning.say(TOPIC, warning));
        }
    }

    private Optional<String> warning(String path, PickleScan scan) {
        boolean isFlagged = policy.ofPickles() != Action.ALLOW;
        String flagged = path + " is a pickle, which runs code when Python loads it." + CONVERT;
        return switch (scan) {
            case PickleScan.Queued queued -> isFlagged ? Optional.of(flagged) : Optional.empty();
            case PickleScan.Absent absent -> isFlagged ? Optional.of(flagged) : Optional.empty();
            case PickleScan.Done done ->
                switch (done.safety()) {
                    case INNOCUOUS -> isFlagged && done.isPickle() ? Optional.of(flagged) : Optional.empty();
                    case SUSPICIOUS ->
                        Optional.of(path + " is a pickle that " + reasons(done)
                                + ", which nobody has checked. Load it only where you would run its author's programs."
                                + CONVERT);
                    case DANGEROUS ->
                        Optional.of(path + " is a pickle that " + reasons(done)
                                + ", which lets it do anything when Python loads it. Do not load it.");
                };
        };
    }

    private static String reasons(PickleScan.Done done) {
        List<String> reasons = done.reasons();
        return reasons.isEmpty()
                ? "could not be read to its end"
                : "imports "
                        + String.join(", ", reasons.subList(0, Math.min(MOST_NAMED, reasons.size())))
                        + (reasons.size() > MOST_NAMED ? " and more" : "");
    }
}
