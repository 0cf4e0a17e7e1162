package io.orrery.hub;

import io.orrery.api.hub.CommitLine;
import io.orrery.api.hub.CommitResult;
import io.orrery.api.hub.LfsBatchAnswer;
import io.orrery.api.hub.LfsBatchRequest;
import io.orrery.api.hub.PreuploadAnswer;
import io.orrery.api.hub.PreuploadRequest;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The four steps of a commit: ask how each file goes, put the large contents, verify, and send the commit itself. */
final class CommitUpload {
    private static final String LFS_JSON = "application/vnd.git-lfs+json";
    /** What the hub takes in one question (huggingface_hub asks for 256 too). */
    private static final int BATCH = 256;

    private static final int SAMPLE_BYTES = 512;
    private static final int ATTEMPTS = 3;

    /** A content measured on this side. */
    private record Measured(Upload upload, long size, String sha256, String gitOid) {
        String path() {
            return upload.path();
        }
    }

    private final HubConnection hub;
    private final HubAddresses addresses;
    private final CommitRequest request;
    private final Progress progress;
    private long toPut;
    private long put;

    CommitUpload(HubConnection hub, HubAddresses addresses, CommitRequest request, Progress progress) {
        this.hub = hub;
        this.addresses = addresses;
        this.request = request;
        this.progress = progress;
    }

    /** The new commit, or nothing where the branch has it all already. */
    Optional<CommitResult> send() {
        try {
            List<Measured> regular = new ArrayList<>();
            List<Measured> large = new ArrayList<>();
            for (List<Upload> batch : batches(request.uploads())) {
                sort(measured(batch), regular, large);
            }
            if (regular.isEmpty() && large.isEmpty() && request.deletions().isEmpty()) {
                return Optional.empty();
            }
            toPut = large.stream().mapToLong(Measured::size).sum();
            for (List<Measured> batch : batches(large)) {
                putContents(batch);
            }
            return Optional.of(commit(regular, large));
        } catch (IOException e) {
            throw HubException.local("Could not read what is to be committed to " + request.repo() + ": " + e, e);
        }
    }

    private static List<Measured> measured(List<Upload> uploads) throws IOException {
        List<Measured> measured = new ArrayList<>();
        for (Upload upload : uploads) {
            long size = size(upload);
            MessageDigest sha256 = Hashes.sha256();
            MessageDigest git = Hashes.gitBlob(size);
            try (InputStream in = open(upload)) {
                byte[] buffer = new byte[1 << 16];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    sha256.update(buffer, 0, n);
                    git.update(buffer, 0, n);
                }
            }
            measured.add(new Measured(upload, size, Hashes.hex(sha256), Hashes.hex(git)));
        }
        return measured;
    }

    /** Asks how each file goes; what is ignored or unchanged goes nowhere. */
    private void sort(List<Measured> files, List<Measured> regular, List<Measured> large) throws IOException {
        List<PreuploadRequest.File> questions = new ArrayList<>();
        for (Measured file : files) {
            questions.add(new PreuploadRequest.File(file.path(), file.size(), sample(file.upload())));
        }
        PreuploadAnswer answer = hub.post(
                addresses.atRevision(request.type(), request.repo(), "preupload", request.branch()),
                new PreuploadRequest(questions, null, null),
                "application/json",
                PreuploadAnswer.class);
        Map<String, Measured> byPath =
                files.stream().collect(Collectors.toMap(Measured::path, Function.identity(), (first, last) -> last));
        for (PreuploadAnswer.File way : answer.files()) {
            Measured file = byPath.get(way.path());
            if (file == null || way.shouldIgnore()) {
                continue;
            }
            boolean lfs = way.uploadMode().equals(PreuploadAnswer.LFS) && file.size() > 0;
            if (!(lfs ? file.sha256() : file.gitOid()).equals(way.oid())) {
                (lfs ? large : regular).add(file);
            }
        }
    }

    private void putContents(List<Measured> files) {
        Map<String, Measured> byOid =
                files.stream().collect(Collectors.toMap(Measured::sha256, Function.identity(), (first, same) -> first));
        LfsBatchAnswer answer = hub.post(
                addresses.lfsBatch(request.type(), request.repo()),
                new LfsBatchRequest(
                        "upload",
                        List.of(LfsBatchAnswer.BASIC),
                        byOid.values().stream()
                                .map(file -> new LfsBatchRequest.LfsObject(file.sha256(), file.size()))
                                .toList()),
                LFS_JSON,
                LfsBatchAnswer.class);
        for (LfsBatchAnswer.Item item : answer.objects()) {
            Measured file = byOid.get(item.oid());
            if (file != null) {
                putContent(file, item);
                put += file.size();
                progress.report(file.path(), put, toPut);
            }
        }
    }

    private void putContent(Measured file, LfsBatchAnswer.Item item) {
        LfsBatchAnswer.Failure failure = item.error();
        if (failure != null) {
            throw new HubException(failure.code(), "", file.path() + " was refused: " + failure.message());
        }
        LfsBatchAnswer.Actions actions = item.actions();
        if (actions == null || actions.upload() == null) {
            return;
        }
        try {
            put(URI.create(actions.upload().href()), file);
            if (actions.verify() != null) {
                hub.post(
                        URI.create(actions.verify().href()),
                        new LfsBatchRequest.LfsObject(file.sha256(), file.size()),
                        LFS_JSON);
            }
        } catch (HubException e) {
            String message = "Could not upload " + file.path() + ": " + e.getMessage();
            throw new HubException(e.status(), e.code(), message, file.path() + ": " + e.detail(), e);
        }
    }

    private void put(URI address, Measured file) {
        long before = put;
        for (int attempt = 1; ; attempt++) {
            try {
                hub.put(
                        address,
                        new CountedBody(
                                publisher(file.upload()), sent -> progress.report(file.path(), before + sent, toPut)));
                return;
            } catch (HubException e) {
                if (attempt == ATTEMPTS || !e.isTransient()) {
                    throw e;
                }
            }
        }
    }

    /** The body goes through a file: regular contents are base64 inside it, and many of them do not fit in memory. */
    private CommitResult commit(List<Measured> regular, List<Measured> large) throws IOException {
        Path body = Files.createTempFile("orrery-commit", ".ndjson");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(body))) {
                line(
                        out,
                        CommitLine.HEADER,
                        CommitLine.Value.header(
                                request.message(), request.parentCommit().orElse(null)));
                for (String path : request.deletions()) {
                    line(
                            out,
                            path.endsWith("/") ? CommitLine.DELETED_FOLDER : CommitLine.DELETED_FILE,
                            CommitLine.Value.deletion(path));
                }
                for (Measured file : regular) {
                    String content = Base64.getEncoder().encodeToString(bytes(file.upload()));
                    line(out, CommitLine.FILE, CommitLine.Value.file(file.path(), content));
                }
                for (Measured file : large) {
                    line(out, CommitLine.LFS_FILE, CommitLine.Value.lfsFile(file.path(), file.sha256(), file.size()));
                }
            }
            return hub.postLarge(
                    addresses.atRevision(request.type(), request.repo(), "commit", request.branch()),
                    BodyPublishers.ofFile(body),
                    "application/x-ndjson",
                    CommitResult.class);
        } finally {
            Files.deleteIfExists(body);
        }
    }

    private void line(OutputStream out, String key, CommitLine.Value value) throws IOException {
        out.write(hub.json().writeValueAsBytes(new CommitLine(key, value)));
        out.write('\n');
    }

    private static String sample(Upload upload) throws IOException {
        try (InputStream in = open(upload)) {
            return Base64.getEncoder().encodeToString(in.readNBytes(SAMPLE_BYTES));
        }
    }

    private static InputStream open(Upload upload) throws IOException {
        return switch (upload) {
            case Upload.OfFile file -> Files.newInputStream(file.source());
            case Upload.OfBytes bytes -> new ByteArrayInputStream(bytes.content());
        };
    }

    private static long size(Upload upload) throws IOException {
        return switch (upload) {
            case Upload.OfFile file -> Files.size(file.source());
            case Upload.OfBytes bytes -> bytes.content().length;
        };
    }

    private static byte[] bytes(Upload upload) throws IOException {
        return switch (upload) {
            case Upload.OfFile file -> Files.readAllBytes(file.source());
            case Upload.OfBytes bytes -> Arrays.copyOf(bytes.content(), bytes.content().length);
        };
    }

    private static BodyPublisher publisher(Upload upload) {
        try {
            return switch (upload) {
                case Upload.OfFile file -> BodyPublishers.ofFile(file.source());
                case Upload.OfBytes bytes -> BodyPublishers.ofByteArray(bytes.content());
            };
        } catch (FileNotFoundException e) {
            throw HubException.local("The file to upload is gone: " + e.getMessage(), e);
        }
    }

    private static <T> List<List<T>> batches(List<T> all) {
        List<List<T>> batches = new ArrayList<>();
        for (int start = 0; start < all.size(); start += BATCH) {
            batches.add(all.subList(start, Math.min(all.size(), start + BATCH)));
        }
        return batches;
    }
}
