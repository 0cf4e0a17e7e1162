package io.orrery.finetune.file;

import io.orrery.api.openai.FileDeleted;
import io.orrery.api.openai.FileObject;
import io.orrery.api.openai.ListPage;
import io.orrery.finetune.access.Caller;
import io.orrery.finetune.wire.RequestProblem;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.data.domain.Limit;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** OpenAI's files. */
@RestController
@RequestMapping("/v1/files")
class FileController {
    private static final int MOST = 10_000;
    private static final Instant LAST = Instant.parse("9999-01-01T00:00:00Z");

    private final FileStore files;
    private final FileRows rows;
    private final ContentStore contents;

    FileController(FileStore files, FileRows rows, ContentStore contents) {
        this.files = files;
        this.rows = rows;
        this.contents = contents;
    }

    @PostMapping
    FileObject upload(@AuthenticationPrincipal Jwt token, HttpServletRequest request) throws IOException {
        try (FileUpload upload = new FileUpload(contents)) {
            ContentStore.Arrived arrived = upload.read(request);
            return wire(files.add(Caller.of(token), upload.label(), arrived));
        }
    }

    /** What a list is asked for. */
    record Query(Optional<String> after, Optional<Integer> limit, Optional<String> order, Optional<String> purpose) {}

    @GetMapping
    ListPage<FileObject> list(
            @AuthenticationPrincipal Jwt token,
            @RequestParam Optional<String> after,
            @RequestParam Optional<Integer> limit,
            @RequestParam Optional<String> order,
            @RequestParam Optional<String> purpose) {
        return page(Caller.of(token).project(), new Query(after, limit, order, purpose));
    }

    private ListPage<FileObject> page(String project, Query query) {
        int limit = query.limit().orElse(MOST);
        if (limit < 1 || limit > MOST) {
            throw RequestProblem.invalid("limit", "limit is " + limit + "; it must be 1 to " + MOST + ".");
        }
        boolean ascending = isAscending(query.order().orElse("desc"));
        Optional<StoredFile> after = query.after().filter(id -> !id.isEmpty()).map(id -> one(project, id));
        String purpose = query.purpose().orElse("");
        Limit oneMore = Limit.of(limit + 1);
        List<FileObject> found = (ascending
                        ? rows.after(project, purpose, at(after, Instant.EPOCH), id(after), oneMore)
                        : rows.before(project, purpose, at(after, LAST), id(after), oneMore))
                .stream().map(row -> wire(row.file())).toList();
        List<FileObject> data = found.subList(0, Math.min(limit, found.size()));
        return new ListPage<>(
                ListPage.OBJECT,
                data,
                found.size() > limit,
                data.isEmpty() ? null : data.getFirst().id(),
                data.isEmpty() ? null : data.getLast().id());
    }

    private static Instant at(Optional<StoredFile> after, Instant start) {
        return after.map(StoredFile::createdAt).orElse(start);
    }

    private static String id(Optional<StoredFile> after) {
        return after.map(StoredFile::id).orElse("");
    }

    private static boolean isAscending(String order) {
        return switch (order) {
            case "asc" -> true;
            case "desc" -> false;
            default -> throw RequestProblem.invalid("order", "order is '" + order + "'; it must be asc or desc.");
        };
    }

    @GetMapping("/{id}")
    FileObject get(@AuthenticationPrincipal Jwt token, @PathVariable String id) {
        return wire(one(Caller.of(token).project(), id));
    }

    @GetMapping("/{id}/content")
    ResponseEntity<Resource> content(@AuthenticationPrincipal Jwt token, @PathVariable String id) throws IOException {
        StoredFile file = one(Caller.of(token).project(), id);
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename(file.filename(), StandardCharsets.UTF_8)
                                .build()
                                .toString())
                .body(new FileSystemResource(files.content(file.sha256())));
    }

    @DeleteMapping("/{id}")
    FileDeleted delete(@AuthenticationPrincipal Jwt token, @PathVariable String id) {
        files.delete(Caller.of(token).project(), id);
        return new FileDeleted(id);
    }

    private StoredFile one(String project, String id) {
        return files.find(project, id).orElseThrow(() -> RequestProblem.notFound("file", id));
    }

    private static FileObject wire(StoredFile file) {
        return new FileObject(
                file.id(),
                FileObject.OBJECT,
                file.bytes(),
                file.createdAt().getEpochSecond(),
                null,
                file.filename(),
                file.purpose(),
                "processed",
                null,
                file.sha256());
    }
}
