package io.orrery.registry.wire;

import io.orrery.api.hub.HubError;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Writes a {@link HubProblem} as the Hub does, from filters and handlers alike: a JSON object, and headers in ASCII on one line. */
@Component
public class HubErrorWriter {
    private final JsonMapper json;

    HubErrorWriter(JsonMapper json) {
        this.json = json;
    }

    public void write(HttpServletRequest request, HttpServletResponse response, HubProblem problem) throws IOException {
        boolean isImages = ImageErrors.areMeant(request);
        byte[] body =
                json.writeValueAsBytes(isImages ? ImageErrors.of(request, problem) : new HubError(problem.sentence()));
        response.setStatus(problem.status());
        if (isImages && problem.status() == 401) {
            response.setHeader("WWW-Authenticate", ImageErrors.challenge(request));
        }
        if (!problem.code().isEmpty()) {
            response.setHeader(HubError.CODE, problem.code());
        }
        response.setHeader(HubError.MESSAGE, HeaderText.of(problem.sentence()));
        problem.commit().ifPresent(commit -> response.setHeader(HubHeaders.REPO_COMMIT, commit));
        problem.retryAfter()
                .ifPresent(wait -> response.setHeader("Retry-After", Long.toString(Math.max(1, wait.toSeconds()))));
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
