package io.orrery.registry.commit;

import io.orrery.api.hub.CommitLine;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.blob.StagedBlob;
import io.orrery.registry.lfs.LfsObjects;
import io.orrery.registry.repository.Change;
import io.orrery.registry.repository.FilePath;
import io.orrery.registry.repository.GitBlob;
import io.orrery.registry.repository.RegularFiles;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.wire.HubProblem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A commit as its lines come in: the header, and the changes, whose contents wait in the staging area. Closing it without
 * {@link #publish} leaves nothing of them. Confined to one thread.
 */
final class CommitAssembly implements AutoCloseable {
    private final Repo repo;
    private final RegularFiles files;
    private final LfsObjects objects;
    private final List<Change> changes = new ArrayList<>();
    private final List<RegularFiles.Staged> staged = new ArrayList<>();
    private Optional<CommitLine.Value> header = Optional.empty();

    CommitAssembly(Repo repo, RegularFiles files, LfsObjects objects) {
        this.repo = repo;
        this.files = files;
        this.objects = objects;
    }

    void add(CommitLine line, CommitLines source) throws IOException {
        CommitLine.Value value = line.value();
        switch (line.key()) {
            case CommitLine.HEADER -> header = Optional.of(value);
            case CommitLine.FILE -> addFile(path(value, source), value, source);
            case CommitLine.LFS_FILE -> addLargeFile(path(value, source), value, source);
            case CommitLine.DELETED_FILE -> changes.add(new Change.DeleteFile(path(value, source)));
            case CommitLine.DELETED_FOLDER -> changes.add(new Change.DeleteFolder(path(value, source)));
            default -> throw source.refused("this registry knows no '" + line.key() + "'");
        }
    }

    CommitLine.Value header() {
        return header.orElseThrow(
                () -> HubProblem.badRequest("The commit lacks its first line, {\"key\":\"header\",...}"));
    }

    List<Change> changes() {
        return changes;
    }

    /** The contents that came inside the commit. */
    List<StagedBlob> contents() {
        return staged.stream().map(RegularFiles.Staged::content).toList();
    }

    private static FilePath path(CommitLine.Value value, CommitLines source) {
        if (value.path() == null) {
            throw source.refused("it lacks a path");
        }
        return FilePath.parse(value.path().replaceAll("/+$", ""));
    }

    private void addFile(FilePath path, CommitLine.Value value, CommitLines source) throws IOException {
        byte[] content = content(value, source);
        Optional<GitBlob> pointer = GitBlob.parsePointer(content);
        if (pointer.isPresent()) {
            // a pointer is what it points to, and nobody gets at a content by writing one
            changes.add(new Change.Put(
                    path,
                    given(pointer.get().sha256().orElseThrow(), pointer.get().size(), source)));
            return;
        }
        RegularFiles.Staged file = files.stage(path, content);
        staged.add(file);
        changes.add(new Change.Put(path, file.blob()));
    }

    private static byte[] content(CommitLine.Value value, CommitLines source) {
        String content = value.content() == null ? "" : value.content();
        if (!"base64".equals(value.encoding())) {
            return content.getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getDecoder().decode(content);
        } catch (IllegalArgumentException e) {
            throw source.refused("the content of " + value.path() + " is not base64: " + e.getMessage());
        }
    }

    private void addLargeFile(FilePath path, CommitLine.Value value, CommitLines source) {
        if (value.oid() == null || !Sha256.isHex(value.oid())) {
            throw source.refused("the oid of " + path + " must be a sha256 of 64 hex digits, but is " + value.oid());
        }
        changes.add(new Change.Put(path, given(new Sha256(value.oid()), value.size(), source)));
    }

    /** A content that the repository was given; a copy under another path comes without a size. */
    private GitBlob given(Sha256 sha256, @Nullable Long announced, CommitLines source) {
        OptionalLong size = objects.size(repo, sha256);
        if (size.isEmpty()) {
            throw source.refused(
                    "the object " + sha256.hex() + " was not uploaded to " + repo.name() + "; upload it by LFS first");
        }
        if (announced != null && announced != size.getAsLong()) {
            throw source.refused(
                    "the object " + sha256.hex() + " has " + size.getAsLong() + " bytes, not " + announced);
        }
        return GitBlob.lfs(sha256, size.getAsLong());
    }

    @Override
    public void close() throws IOException {
        for (RegularFiles.Staged file : staged) {
            file.content().close();
        }
    }
}
