package io.orrery.registry.commit;

import io.orrery.api.hub.CommitLine;
import io.orrery.registry.blob.ContentBatch;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.lfs.LfsObjects;
import io.orrery.registry.policy.DraftRules;
import io.orrery.registry.repository.Change;
import io.orrery.registry.repository.FilePath;
import io.orrery.registry.repository.GitBlob;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.wire.Caller;
import io.orrery.registry.wire.HubProblem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A commit as its lines come in: the header, and what is to be done, in order. Confined to one thread. */
final class CommitAssembly {
    private sealed interface Step {
        record Ready(Change change) implements Step {}

        /** A file whose content came, or is to have come, before; whether it did is asked for all of them together. */
        record Reference(FilePath path, Sha256 sha256, Optional<Long> size, int line) implements Step {}
    }

    private final ContentBatch contents;
    private final List<Step> steps = new ArrayList<>();
    private final Map<String, byte[]> beginnings = new HashMap<>();
    private Optional<CommitLine.Value> header = Optional.empty();

    CommitAssembly(ContentBatch contents) {
        this.contents = contents;
    }

    void add(CommitLine line, CommitLines source) throws IOException {
        CommitLine.Value value = line.value();
        String path = value.path();
        if (line.key().equals(CommitLine.HEADER)) {
            header = Optional.of(value);
            return;
        }
        if (path == null) {
            throw source.refused("it lacks a path");
        }
        steps.add(
                switch (line.key()) {
                    case CommitLine.FILE -> file(FilePath.parse(path), value, source);
                    case CommitLine.LFS_FILE -> largeFile(FilePath.parse(path), value, source);
                    case CommitLine.DELETED_FILE -> new Step.Ready(new Change.DeleteFile(FilePath.parse(path)));
                    case CommitLine.DELETED_FOLDER ->
                        new Step.Ready(new Change.DeleteFolder(FilePath.parse(withoutSlash(path))));
                    default -> throw source.refused("this registry knows no '" + line.key() + "'");
                });
    }

    CommitLine.Value header() {
        return header.orElseThrow(
                () -> HubProblem.badRequest("The commit lacks its first line, {\"key\":\"header\",...}"));
    }

    /** The changes, where the caller may commit all contents that they name. */
    List<Change> changes(Repo repo, Caller caller, LfsObjects objects) {
        Set<Sha256> named = steps.stream()
                .filter(Step.Reference.class::isInstance)
                .map(step -> ((Step.Reference) step).sha256())
                .collect(Collectors.toSet());
        Map<Sha256, Long> sizes = objects.committable(repo, caller, named);
        List<Change> changes = new ArrayList<>(steps.size());
        for (Step step : steps) {
            changes.add(
                    switch (step) {
                        case Step.Ready ready -> ready.change();
                        case Step.Reference reference -> put(reference, repo, sizes);
                    });
        }
        return changes;
    }

    /** By path: what the rules of content look at in the contents that came inside the commit. */
    Map<String, byte[]> beginnings() {
        return beginnings;
    }

    private static String withoutSlash(String folder) {
        return folder.endsWith("/") ? folder.substring(0, folder.length() - 1) : folder;
    }

    private Step file(FilePath path, CommitLine.Value value, CommitLines source) throws IOException {
        byte[] content = content(value, source);
        Optional<GitBlob> pointer = GitBlob.parsePointer(content);
        if (pointer.isPresent()) {
            // a pointer is what it points to, and nobody gets at a content by writing one
            GitBlob blob = pointer.get();
            return new Step.Reference(path, blob.sha256().orElseThrow(), Optional.of(blob.size()), source.number());
        }
        beginnings.put(
                path.toString(), Arrays.copyOf(content, Math.min(content.length, DraftRules.looksAt(path.toString()))));
        Sha256 sha256 = contents.add(path.toString(), content);
        return new Step.Ready(new Change.Put(path, GitBlob.regular(content, sha256)));
    }

    private static byte[] content(CommitLine.Value value, CommitLines source) {
        String content = value.content() == null ? "" : value.content();
        String encoding = value.encoding() == null ? "utf-8" : value.encoding();
        return switch (encoding) {
            case "utf-8", "utf8" -> content.getBytes(StandardCharsets.UTF_8);
            case "base64" -> {
                try {
                    yield Base64.getDecoder().decode(content);
                } catch (IllegalArgumentException e) {
                    throw source.refused("the content of " + value.path() + " is not base64: " + e.getMessage());
                }
            }
            default ->
                throw source.refused(
                        "the encoding of " + value.path() + " must be base64 or utf-8, but is " + encoding);
        };
    }

    private static Step largeFile(FilePath path, CommitLine.Value value, CommitLines source) {
        @Nullable String oid = value.oid();
        if (oid == null || !Sha256.isHex(oid)) {
            throw source.refused("the oid of " + path + " must be a sha256 of 64 hex digits, but is " + oid);
        }
        return new Step.Reference(path, new Sha256(oid), Optional.ofNullable(value.size()), source.number());
    }

    /** A copy under another path comes without a size. */
    private static Change put(Step.Reference reference, Repo repo, Map<Sha256, Long> sizes) {
        Long size = sizes.get(reference.sha256());
        if (size == null) {
            throw CommitLines.refused(
                    reference.line(),
                    "the object " + reference.sha256().hex() + " was not uploaded to " + repo.name()
                            + "; upload it by LFS first");
        }
        if (!reference.size().orElse(size).equals(size)) {
            throw CommitLines.refused(
                    reference.line(),
                    "the object " + reference.sha256().hex() + " has " + size + " bytes, not "
                            + reference.size().orElse(size));
        }
        return new Change.Put(reference.path(), GitBlob.lfs(reference.sha256(), size));
    }
}
