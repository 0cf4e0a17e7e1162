package io.orrery.inference.wire;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Answers with OpenAI's error object. Thread-safe. */
@Component
public class OpenAiErrors {
    private final JsonMapper json = JsonMapper.shared();

    /** Answers a request whose response is not committed yet. */
    public void write(OpenAiProblem problem, HttpServletResponse response) throws IOException {
        byte[] body = json.writeValueAsBytes(problem.body());
        response.setStatus(problem.status().value());
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        problem.retryAfter()
                .ifPresent(wait ->
                        response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, wait.toSeconds()))));
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        response.flushBuffer();
    }
}
