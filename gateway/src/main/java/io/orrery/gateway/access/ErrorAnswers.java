package io.orrery.gateway.access;

import io.orrery.gateway.wire.Refusal;
import io.orrery.gateway.wire.Refusals;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** What nobody else answered, in the body of the wire it came by, instead of the container's page. */
@Controller
class ErrorAnswers implements ErrorController {
    private final Refusals refusals;

    ErrorAnswers(Refusals refusals) {
        this.refusals = refusals;
    }

    @RequestMapping("${server.error.path:/error}")
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpStatus status = Optional.ofNullable((Integer) request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE))
                .map(HttpStatus::resolve)
                .orElse(HttpStatus.INTERNAL_SERVER_ERROR);
        String path = Optional.ofNullable((String) request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI))
                .orElse("/");
        String message = status.is5xxServerError()
                ? "The gateway failed on this request; its log tells more under the id "
                        + response.getHeader(Call.ID_HEADER) + "."
                : status.getReasonPhrase() + ": " + request.getMethod() + " " + path + ".";
        String code = status.is5xxServerError() ? "internal_error" : "invalid_request";
        refusals.write(Refusal.of(status, code, message), new OriginalRequest(request, path), response);
    }

    /** The request under the path that failed, not that of the error page. */
    private static final class OriginalRequest extends HttpServletRequestWrapper {
        private final String path;

        OriginalRequest(HttpServletRequest request, String path) {
            super(request);
            this.path = path;
        }

        @Override
        public String getRequestURI() {
            return path;
        }
    }
}
