package io.orrery.gateway.wire;

import io.orrery.api.hub.HubError;
import io.orrery.api.openai.OpenAiError;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Writes refusals in the shape of the wire that a request came by. Thread-safe. */
@Component
public class Refusals {
    private final JsonMapper json;

    Refusals(JsonMapper json) {
        this.json = json;
    }

    /** Answers a request whose response is not committed yet. */
    public void write(Refusal refusal, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Wire wire = Wire.of(request.getRequestURI());
        byte[] body = json.writeValueAsBytes(
                switch (wire) {
                    case OPENAI -> openAi(refusal);
                    case HUB -> new HubError(refusal.message());
                    case IMAGES -> images(refusal);
                    case OURS -> problem(refusal);
                });
        response.setStatus(refusal.status().value());
        response.setContentType(wire == Wire.OURS ? MediaType.APPLICATION_PROBLEM_JSON_VALUE : "application/json");
        refusal.retryAfter()
                .ifPresent(wait ->
                        response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, wait.toSeconds()))));
        if (wire == Wire.HUB) {
            refusal.hubCode().ifPresent(code -> response.setHeader(HubError.CODE, code));
            response.setHeader(
                    HubError.MESSAGE, oneAsciiLine(refusal.hubMessage().orElse(refusal.message())));
        }
        response.setContentLength(body.length);
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(body);
        }
        // the rest of a large upload is read and thrown away only after this, so the client learns the reason at once
        response.flushBuffer();
    }

    /** The event that ends a stream of OpenAI's wire that broke off, and the marker that clients wait for. */
    public byte[] lastEvents(Refusal refusal) {
        String event = "data: " + json.writeValueAsString(openAi(refusal)) + "\n\ndata: [DONE]\n\n";
        return event.getBytes(StandardCharsets.UTF_8);
    }

    private static OpenAiError openAi(Refusal refusal) {
        return OpenAiError.of(
                refusal.status().value(),
                refusal.code(),
                refusal.message(),
                refusal.param().orElse(null));
    }

    private static Map<String, Object> images(Refusal refusal) {
        String code = switch (refusal.status()) {
            case UNAUTHORIZED -> "UNAUTHORIZED";
            case FORBIDDEN -> "DENIED";
            case TOO_MANY_REQUESTS -> "TOOMANYREQUESTS";
            case NOT_FOUND -> "NAME_UNKNOWN";
            default -> "UNSUPPORTED";
        };
        return Map.of("errors", List.of(Map.of("code", code, "message", refusal.message())));
    }

    private static ProblemDetail problem(Refusal refusal) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(refusal.status(), refusal.message());
        problem.setProperty("code", refusal.code());
        return problem;
    }

    private static String oneAsciiLine(String text) {
        StringBuilder line = new StringBuilder();
        text.chars().forEach(c -> line.append(c >= ' ' && c < 127 ? (char) c : '?'));
        return line.toString();
    }
}
