package io.orrery.registry.catalog;

import io.orrery.api.hub.LfsFile;
import io.orrery.api.hub.RepoInfo;
import io.orrery.api.hub.RepoInfo.Sibling;
import io.orrery.api.hub.RepoType;
import io.orrery.registry.inspection.CommitFacts;
import io.orrery.registry.repository.GitBlob;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.TreeItem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts infos together. */
final class Infos {
    private Infos() {}

    /**
     * An info.
     *
     * @param files of the revision, where siblings are wanted
     * @param blobs whether siblings tell size and hashes
     */
    static RepoInfo info(
            Repo repo, String sha, Optional<CommitFacts> facts, Optional<List<TreeItem>> files, boolean blobs) {
        Optional<CommitFacts.Details> details = facts.map(CommitFacts::details);
        boolean isModel = repo.type() == RepoType.MODEL;
        return new RepoInfo(
                repo.publicId(),
                repo.name(),
                isModel ? repo.name() : null,
                repo.name().contains("/") ? repo.name().substring(0, repo.name().indexOf('/')) : null,
                sha,
                repo.updatedAt(),
                repo.createdAt(),
                repo.isPrivate(),
                repo.gated().<Object>map(kind -> kind).orElse(false),
                repo.disabled(),
                0,
                0,
                facts.map(CommitFacts::tags).orElse(List.of()),
                facts.flatMap(CommitFacts::pipelineTag).orElse(null),
                facts.flatMap(CommitFacts::libraryName).orElse(null),
                files.map(Infos::storage).orElse(null),
                details.map(CommitFacts.Details::cardData).orElse(null),
                isModel ? List.of() : null,
                files.map(all -> siblings(all, blobs)).orElse(null),
                details.map(CommitFacts.Details::config).orElse(null),
                details.map(CommitFacts.Details::safetensors).orElse(null),
                details.map(CommitFacts.Details::gguf).orElse(null),
                facts.map(CommitFacts::inspection).orElse(null));
    }

    /** Bytes of the revision's contents, the same content counted once. */
    private static long storage(List<TreeItem> files) {
        Map<String, Long> sizes = new LinkedHashMap<>();
        files.forEach(file -> file.blob().ifPresent(blob -> sizes.put(blob.contentId(), blob.size())));
        return sizes.values().stream().mapToLong(Long::longValue).sum();
    }

    private static List<Sibling> siblings(List<TreeItem> files, boolean blobs) {
        return files.stream()
                .map(file -> blobs ? detailed(file) : new Sibling(file.path(), null, null, null))
                .toList();
    }

    private static Sibling detailed(TreeItem file) {
        Optional<GitBlob> blob = file.blob();
        @Nullable
        LfsFile lfs = blob.filter(GitBlob::lfs)
                .map(content -> new LfsFile(null, content.contentId(), content.size(), content.pointer().length))
                .orElse(null);
        return new Sibling(file.path(), blob.map(GitBlob::size).orElse(0L), file.oid(), lfs);
    }
}
