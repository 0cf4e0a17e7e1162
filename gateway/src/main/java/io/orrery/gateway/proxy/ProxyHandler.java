package io.orrery.gateway.proxy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.orrery.gateway.access.Call;
import io.orrery.gateway.access.Route;
import io.orrery.gateway.wire.Refusals;
import io.orrery.gateway.wire.RefusedException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.HttpRequestHandler;

/** Answers every route whose destination is another service, and measures it. Thread-safe. */
@Component
class ProxyHandler implements HttpRequestHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyHandler.class);

    private final Dispatch dispatch;
    private final AnswerCopy answers;
    private final Refusals refusals;
    private final MeterRegistry meters;

    ProxyHandler(Dispatch dispatch, AnswerCopy answers, Refusals refusals, MeterRegistry meters) {
        this.dispatch = dispatch;
        this.answers = answers;
        this.refusals = refusals;
        this.meters = meters;
    }

    @Override
    public void handleRequest(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Route route = Call.of(request)
                .route()
                .orElseThrow(() -> new IllegalStateException("a request without a route passed the access rules"));
        Client client = Client.of(request);
        Timer.Sample whole = Timer.start(meters);
        String outcome = "refused";
        try (Answer answer = dispatch.ask(route, request, client)) {
            whole.stop(timer("orrery.gateway.first.byte", "until the answer began", route, "begun"));
            outcome = answers.copy(answer, route, response, client).name().toLowerCase(Locale.ROOT);
        } catch (RefusedException e) {
            LOG.info("{} {} refused: {}", request.getMethod(), request.getRequestURI(), e.getMessage());
            refusals.write(e.refusal(), request, response);
        } catch (ClientGoneException e) {
            outcome = "client_gone";
            LOG.debug("{} {}: {}", request.getMethod(), request.getRequestURI(), e.getMessage());
            client.cut();
        } finally {
            whole.stop(timer("orrery.gateway.calls", "until the answer ended", route, outcome));
        }
    }

    private Timer timer(String name, String description, Route route, String outcome) {
        return Timer.builder(name)
                .description(description)
                .tag("route", route.name())
                .tag("outcome", outcome)
                .publishPercentileHistogram()
                .register(meters);
    }
}
