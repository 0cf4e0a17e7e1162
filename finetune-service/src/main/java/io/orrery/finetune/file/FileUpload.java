package io.orrery.finetune.file;

import io.orrery.finetune.wire.RequestProblem;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import org.apache.tomcat.util.http.fileupload.FileItemIterator;
import org.apache.tomcat.util.http.fileupload.FileItemStream;
import org.apache.tomcat.util.http.fileupload.FileUploadException;
import org.apache.tomcat.util.http.fileupload.impl.FileUploadIOException;
import org.apache.tomcat.util.http.fileupload.servlet.ServletRequestContext;
import org.jspecify.annotations.Nullable;

/** Takes a multipart body apart as it arrives: its file goes straight to the store. Confined to one request. */
final class FileUpload implements AutoCloseable {
    private static final Set<String> PURPOSES =
            new TreeSet<>(Set.of("assistants", "batch", "evals", "fine-tune", "user_data", "vision"));
    private static final int LONGEST_FIELD = 1000;
    private static final int MOST_PARTS = 20;
    private static final int LONGEST_NAME = 512;

    private final ContentStore contents;
    private ContentStore.@Nullable Arrived arrived;
    private String filename = "";
    private String purpose = "";

    FileUpload(ContentStore contents) {
        this.contents = contents;
    }

    FileStore.Label label() {
        return new FileStore.Label(filename, purpose);
    }

    /** Reads all of the body. */
    ContentStore.Arrived read(HttpServletRequest request) throws IOException {
        if (request.getContentLengthLong() > 0) {
            contents.requireRoom("the file", request.getContentLengthLong());
        }
        try {
            org.apache.tomcat.util.http.fileupload.FileUpload parser =
                    new org.apache.tomcat.util.http.fileupload.FileUpload();
            FileItemIterator parts = parser.getItemIterator(new ServletRequestContext(request));
            for (int count = 1; parts.hasNext(); count++) {
                if (count > MOST_PARTS) {
                    throw RequestProblem.invalid("file", "The form has more than " + MOST_PARTS + " fields.");
                }
                take(parts.next());
            }
        } catch (FileUploadException | FileUploadIOException e) {
            throw RequestProblem.invalid(
                    "file",
                    "The body is no multipart form: " + e.getMessage() + ". Send the fields 'file' and 'purpose'.");
        }
        return whole();
    }

    private void take(FileItemStream part) throws IOException {
        String field = String.valueOf(part.getFieldName());
        try (InputStream in = part.openStream()) {
            if (field.equals("file")) {
                takeFile(part, in);
            } else if (field.equals("purpose")) {
                purpose = text(field, in);
            } else if (!field.startsWith("expires_after")) {
                throw RequestProblem.invalid(
                        field,
                        "unknown_parameter",
                        "Unknown field '" + field + "'; the form has 'file' and 'purpose'.");
            } else {
                throw RequestProblem.invalid(
                        "expires_after",
                        "Files do not expire here; leave 'expires_after' out and delete the file instead.");
            }
        }
    }

    private void takeFile(FileItemStream part, InputStream in) throws IOException {
        if (arrived != null) {
            throw RequestProblem.invalid("file", "The form has two fields 'file'; upload one at a time.");
        }
        String sent = part.getName();
        if (sent == null || sent.isBlank()) {
            throw RequestProblem.invalid("file", "The field 'file' has no filename; send it as a file.");
        }
        filename = lastPart(sent);
        arrived = contents.receive(in, filename);
    }

    /** A name of a file and not of a folder, whatever the sender's system. */
    private static String lastPart(String sent) {
        String name = sent.substring(Math.max(sent.lastIndexOf('/'), sent.lastIndexOf('\\')) + 1);
        String visible = name.codePoints()
                .filter(c -> !Character.isISOControl(c))
                .limit(LONGEST_NAME)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return visible.isBlank() ? "file" : visible;
    }

    private static String text(String field, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(LONGEST_FIELD + 1);
        if (bytes.length > LONGEST_FIELD) {
            throw RequestProblem.invalid(
                    field, "The field '" + field + "' is longer than " + LONGEST_FIELD + " bytes.");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private ContentStore.Arrived whole() {
        if (arrived == null) {
            throw RequestProblem.invalid("file", "missing_required_parameter", "The form has no field 'file'.");
        }
        if (!PURPOSES.contains(purpose)) {
            throw RequestProblem.invalid(
                    "purpose",
                    purpose.isEmpty()
                            ? "The form has no field 'purpose'; for training data it is 'fine-tune'."
                            : "'" + purpose + "' is no purpose; it is one of " + String.join(", ", PURPOSES) + ".");
        }
        return arrived;
    }

    @Override
    public void close() throws IOException {
        if (arrived != null) {
            arrived.close();
        }
    }
}
