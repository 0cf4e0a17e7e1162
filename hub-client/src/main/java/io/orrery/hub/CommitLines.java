package io.orrery.hub;

import io.orrery.api.hub.CommitLine;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import tools.jackson.databind.json.JsonMapper;

/** The body of a commit in a file: regular contents are base64 inside it, and many of them do not fit in memory. For one thread. */
final class CommitLines implements Closeable {
    private final JsonMapper json;
    private final OutputStream out;

    CommitLines(Path body, JsonMapper json) throws IOException {
        this.json = json;
        this.out = new BufferedOutputStream(Files.newOutputStream(body), 1 << 16);
    }

    void add(String key, CommitLine.Value value) throws IOException {
        out.write(json.writeValueAsBytes(new CommitLine(key, value)));
        out.write('\n');
    }

    void add(Measured file) throws IOException {
        if (file.large()) {
            add(CommitLine.LFS_FILE, CommitLine.Value.lfsFile(file.path(), file.hash(), file.size()));
            return;
        }
        text("{\"key\":\"file\",\"value\":{\"path\":" + json.writeValueAsString(file.path())
                + ",\"encoding\":\"base64\",\"content\":\"");
        try (OutputStream encoded = Base64.getEncoder().wrap(new Open(out));
                InputStream in = Sources.open(file.upload())) {
            in.transferTo(encoded);
        }
        text("\"}}\n");
    }

    private void text(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    /** Stays open when the encoder, which writes its last bytes on closing, is closed. */
    private static final class Open extends FilterOutputStream {
        Open(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() {}
    }
}
