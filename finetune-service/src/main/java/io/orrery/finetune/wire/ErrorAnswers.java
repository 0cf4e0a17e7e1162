package io.orrery.finetune.wire;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.ErrorResponse;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.ServletRequestBindingException;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Everything that ends badly, in OpenAI's body. */
@Controller
@ControllerAdvice
class ErrorAnswers implements ErrorController {
    private final ErrorWriter errors;

    ErrorAnswers(ErrorWriter errors) {
        this.errors = errors;
    }

    @ExceptionHandler(RequestProblem.class)
    void problem(RequestProblem problem, HttpServletResponse response) throws IOException {
        errors.write(response, problem);
    }

    @ExceptionHandler({
        ErrorResponseException.class,
        HttpMediaTypeNotAcceptableException.class,
        HttpMediaTypeNotSupportedException.class,
        HttpRequestMethodNotSupportedException.class,
        NoResourceFoundException.class,
        ServletRequestBindingException.class
    })
    void refusedByTheFramework(Exception refusal, HttpServletResponse response) throws IOException {
        HttpStatus status = refusal instanceof ErrorResponse answer
                ? HttpStatus.valueOf(answer.getStatusCode().value())
                : HttpStatus.BAD_REQUEST;
        errors.write(response, RequestProblem.of(status, "invalid_request", refusal.getMessage() + "."));
    }

    @ExceptionHandler(MethodArgumentTypeMismatchException.class)
    void wrongType(MethodArgumentTypeMismatchException mismatch, HttpServletResponse response) throws IOException {
        errors.write(
                response,
                RequestProblem.invalid(
                        mismatch.getName(),
                        mismatch.getName() + " is '" + mismatch.getValue() + "', which is no number."));
    }

    /** What nobody else answered. */
    @RequestMapping("${server.error.path:/error}")
    void unexpected(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpStatus status = Optional.ofNullable((Integer) request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE))
                .map(HttpStatus::resolve)
                .orElse(HttpStatus.INTERNAL_SERVER_ERROR);
        String message = status.is5xxServerError()
                ? "The finetune-service failed on this request; its log tells more."
                : status.getReasonPhrase() + ".";
        errors.write(
                response,
                RequestProblem.of(status, status.is5xxServerError() ? "internal_error" : "invalid_request", message));
    }
}
