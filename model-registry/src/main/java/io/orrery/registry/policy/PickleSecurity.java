package io.orrery.registry.policy;

import io.orrery.api.hub.TreeEntry.PickleImport;
import io.orrery.api.hub.TreeEntry.PickleImportScan;
import io.orrery.api.hub.TreeEntry.SecurityFileStatus;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.inspection.PickleFiles;
import io.orrery.registry.repository.FileSecurity;
import io.orrery.registry.repository.GitBlob;
import io.orrery.registry.repository.TreeItem;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Tells of files what their names and their scans say. */
@Component
class PickleSecurity implements FileSecurity {
    static final String SAFE = "safe";
    static final String QUEUED = "queued";

    private static final int MOST_SHOWN = 100;

    private final PickleScans scans;
    private final Policy policy;

    PickleSecurity(PickleScans scans, Policy policy) {
        this.scans = scans;
        this.policy = policy;
    }

    @Override
    public Map<String, SecurityFileStatus> of(Collection<TreeItem> items) {
        Map<Sha256, PickleScan> known = scans.of(items.stream()
                .filter(item -> PickleFiles.isNamedSo(item.path()))
                .flatMap(item -> item.blob().flatMap(GitBlob::sha256).stream())
                .distinct()
                .toList());
        Map<String, SecurityFileStatus> statuses = new LinkedHashMap<>();
        for (TreeItem item : items) {
            item.blob().ifPresent(blob -> statuses.put(item.path(), status(item.path(), blob, known)));
        }
        return statuses;
    }

    private SecurityFileStatus status(String path, GitBlob blob, Map<Sha256, PickleScan> known) {
        if (!PickleFiles.isNamedSo(path)) {
            return new SecurityFileStatus(SAFE, null, null);
        }
        Optional<PickleScan> scan = blob.sha256().map(known::get);
        return switch (scan.orElseGet(PickleScan.Absent::new)) {
            case PickleScan.Queued queued ->
                new SecurityFileStatus(QUEUED, null, new PickleImportScan(QUEUED, List.of(), null));
            case PickleScan.Absent absent -> new SecurityFileStatus("unscanned", null, null);
            case PickleScan.Done done -> status(done);
        };
    }

    private SecurityFileStatus status(PickleScan.Done done) {
        String found = level(done.safety());
        boolean isFlagged = done.isPickle() && policy.ofPickles() != Action.ALLOW;
        List<PickleImport> imports = done.imports().stream()
                .limit(MOST_SHOWN)
                .map(imported -> new PickleImport(
                        imported.module(),
                        imported.name(),
                        ImportSafety.of(imported).label()))
                .toList();
        return new SecurityFileStatus(
                found.equals(SAFE) && isFlagged ? "caution" : found,
                null,
                new PickleImportScan(found, imports, done.problem().orElse(null)));
    }

    private static String level(ImportSafety safety) {
        return switch (safety) {
            case INNOCUOUS -> SAFE;
            case SUSPICIOUS -> "suspicious";
            case DANGEROUS -> "unsafe";
        };
    }
}
