package io.orrery.finetune.wire;

import io.orrery.api.openai.OpenAiError;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Writes problems where no controller does. Thread-safe. */
@Component
public class ErrorWriter {
    private final JsonMapper json;

    ErrorWriter(JsonMapper json) {
        this.json = json;
    }

    /** Answers a request whose response is not committed yet. */
    public void write(HttpServletResponse response, RequestProblem problem) throws IOException {
        byte[] body = json.writeValueAsBytes(OpenAiError.of(
                problem.status().value(),
                problem.code(),
                String.valueOf(problem.getMessage()),
                problem.param().orElse(null)));
        response.setStatus(problem.status().value());
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        // the rest of a refused upload is read only after this, so its sender learns the reason
        response.flushBuffer();
    }
}
