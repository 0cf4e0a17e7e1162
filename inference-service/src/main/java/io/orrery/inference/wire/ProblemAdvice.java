package io.orrery.inference.wire;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Turns what ends a request early into OpenAI's error object. */
@RestControllerAdvice
class ProblemAdvice {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    private final OpenAiErrors errors;

    ProblemAdvice(OpenAiErrors errors) {
        this.errors = errors;
    }

    @ExceptionHandler
    void problem(OpenAiProblem problem, HttpServletResponse response) throws IOException {
        errors.write(problem, response);
    }

    @ExceptionHandler
    void gone(ClientGoneException gone) {
        LOG.debug("{}", gone.getMessage());
    }

    @ExceptionHandler
    void otherMethod(HttpRequestMethodNotSupportedException e, HttpServletResponse response) throws IOException {
        response.setHeader(
                "Allow",
                String.join(", ", Optional.ofNullable(e.getSupportedMethods()).orElse(new String[0])));
        errors.write(
                OpenAiProblem.of(
                        HttpStatus.METHOD_NOT_ALLOWED,
                        "method_not_allowed",
                        "This route does not answer " + e.getMethod() + "."),
                response);
    }

    @ExceptionHandler
    void noRoute(NoResourceFoundException e, HttpServletResponse response) throws IOException {
        errors.write(
                OpenAiProblem.of(
                        HttpStatus.NOT_FOUND,
                        "not_found",
                        "No such route: " + e.getHttpMethod() + " /" + e.getResourcePath()),
                response);
    }

    @ExceptionHandler
    void fault(RuntimeException fault, HttpServletResponse response) throws IOException {
        LOG.error("a request failed", fault);
        if (!response.isCommitted()) {
            errors.write(
                    OpenAiProblem.of(
                            HttpStatus.INTERNAL_SERVER_ERROR,
                            "internal_error",
                            "The inference-service failed to answer; its log says why."),
                    response);
        }
    }
}
