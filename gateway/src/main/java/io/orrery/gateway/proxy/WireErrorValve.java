package io.orrery.gateway.proxy;

import io.orrery.gateway.wire.Refusal;
import io.orrery.gateway.wire.Refusals;
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

/** Says what Tomcat itself refuses, such as an address that cannot be decoded, in the wire's own body instead of a page. */
final class WireErrorValve extends ErrorReportValve {
    private static final Logger LOG = LoggerFactory.getLogger(WireErrorValve.class);

    private final Refusals refusals;

    WireErrorValve(Refusals refusals) {
        this.refusals = refusals;
    }

    @Override
    protected void report(Request request, Response response, Throwable failure) {
        HttpStatus status = HttpStatus.resolve(response.getStatus());
        if (status == null || !status.isError() || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        Refusal refusal = Refusal.of(
                status, "invalid_request", "The server refused this request: " + status.getReasonPhrase() + ".");
        try {
            refusals.write(refusal, new Addressed(request), response);
        } catch (IOException e) {
            LOG.debug("a refusal did not reach its client", e);
        }
    }

    /** A request that was refused before its address was read has none. */
    private static final class Addressed extends HttpServletRequestWrapper {
        Addressed(HttpServletRequest request) {
            super(request);
        }

        @Override
        public String getRequestURI() {
            return Optional.ofNullable(super.getRequestURI()).orElse("/");
        }

        @Override
        public String getMethod() {
            return Optional.ofNullable(super.getMethod()).orElse("GET");
        }
    }
}
