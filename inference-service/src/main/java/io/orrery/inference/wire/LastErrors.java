package io.orrery.inference.wire;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the container refuses before a route is reached, in OpenAI's error object; reached by no request of its own. */
@RestController
class LastErrors implements ErrorController {
    private final OpenAiErrors errors;

    LastErrors(OpenAiErrors errors) {
        this.errors = errors;
    }

    @RequestMapping("${spring.web.error.path:/error}")
    void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpStatus status = Optional.ofNullable(request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE))
                .map(code -> HttpStatus.resolve((Integer) code))
                .orElse(HttpStatus.INTERNAL_SERVER_ERROR);
        errors.write(
                OpenAiProblem.of(
                        status,
                        status.is5xxServerError() ? "internal_error" : "invalid_request",
                        "The server refused this request: " + status.getReasonPhrase() + "."),
                response);
    }
}
