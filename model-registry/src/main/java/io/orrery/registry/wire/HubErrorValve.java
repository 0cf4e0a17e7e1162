package io.orrery.registry.wire;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.util.Optional;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;

/** Says as the Hub does what Tomcat itself refuses before any filter sees it, such as an address that is not UTF-8. */
final class HubErrorValve extends ErrorReportValve {
    private static final Logger LOG = LoggerFactory.getLogger(HubErrorValve.class);

    private final HubErrorWriter errors;

    HubErrorValve(HubErrorWriter errors) {
        this.errors = errors;
    }

    @Override
    protected void report(Request request, Response response, Throwable failure) {
        HttpStatus status = HttpStatus.resolve(response.getStatus());
        if (status == null || !status.isError() || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        HttpServletRequest addressed = new Addressed(request);
        try {
            AnswerHeaders.add(addressed, response);
            errors.write(addressed, response, problem(status, addressed));
        } catch (IOException e) {
            LOG.debug("a refusal did not reach its client", e);
        }
    }

    private static HubProblem problem(HttpStatus status, HttpServletRequest request) {
        if (status == HttpStatus.BAD_REQUEST) {
            try {
                HubPath.parse(RouteTable.rawPath(request));
            } catch (HubProblem undecodable) {
                return undecodable;
            }
        }
        return HubProblem.of(
                status.value(),
                "The server refused this request before it was read (" + status.getReasonPhrase()
                        + "); check how its address and headers are encoded");
    }

    /** A request that was refused before its address was read has none, and no context either. */
    private static final class Addressed extends HttpServletRequestWrapper {
        private final Request refused;

        Addressed(Request refused) {
            super(refused);
            this.refused = refused;
        }

        @Override
        public String getRequestURI() {
            return Optional.ofNullable(refused.getRequestURI()).orElse("/");
        }

        @Override
        public String getContextPath() {
            return refused.getContext() == null ? "" : refused.getContext().getPath();
        }
    }
}
