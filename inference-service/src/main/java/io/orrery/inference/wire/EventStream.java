package io.orrery.inference.wire;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;

/**
 * Server-sent events as OpenAI's clients read them: {@code data:} and comments only, each sent at once. The response is committed by
 * the first. Confined to the request's thread; every method throws {@link ClientGoneException} where the client has left.
 */
public final class EventStream {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpServletResponse response;

    public EventStream(HttpServletResponse response) {
        this.response = response;
    }

    public boolean isOpen() {
        return response.isCommitted();
    }

    public void event(Object value) {
        send("data: " + JSON.writeValueAsString(value) + "\n\n");
    }

    /** A comment, which clients pass over, so that nobody on the way takes the silence for death. */
    public void ping(String stage) {
        send(": ping" + (stage.isEmpty() ? "" : " " + stage.replaceAll("\\R", " ")) + "\n\n");
    }

    /** The marker that ends every stream. */
    public void done() {
        send("data: [DONE]\n\n");
    }

    /** The error that ends a stream which has begun. */
    public void fail(OpenAiProblem problem) {
        event(problem.body());
        done();
    }

    private void send(String frame) {
        try {
            if (!response.isCommitted()) {
                response.setContentType("text/event-stream;charset=UTF-8");
                response.setHeader("Cache-Control", "no-cache");
                response.setHeader("X-Accel-Buffering", "no");
            }
            OutputStream out = response.getOutputStream();
            out.write(frame.getBytes(StandardCharsets.UTF_8));
            out.flush();
            response.flushBuffer();
        } catch (IOException e) {
            throw new ClientGoneException("the client left during the answer: " + e.getMessage(), e);
        }
    }
}
