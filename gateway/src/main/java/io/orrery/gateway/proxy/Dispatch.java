package io.orrery.gateway.proxy;

import io.orrery.gateway.access.Route;
import io.orrery.gateway.wire.Refusal;
import io.orrery.gateway.wire.RefusedException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Takes a call to where its route leads. Thread-safe. */
@Component
class Dispatch {
    private final OutgoingCalls calls;
    private final Destinations destinations;
    private final RequestedModel requestedModel;
    private final Asker asker;

    Dispatch(OutgoingCalls calls, Destinations destinations, RequestedModel requestedModel, Asker asker) {
        this.calls = calls;
        this.destinations = destinations;
        this.requestedModel = requestedModel;
        this.asker = asker;
    }

    /** The answer, begun; @throws RefusedException where there is none */
    Answer ask(Route route, HttpServletRequest request, Client client) throws IOException {
        return switch (route.destination()) {
            case WORKER_FOR_MODEL -> askModel(request, client);
            case ANY_WORKER -> pass(request, destinations.anyWorker(), client);
            case FINETUNE -> pass(request, destinations.finetune(isRepeatable(request)), client);
            case REGISTRY -> pass(request, destinations.registry(isRepeatable(request)), client);
            case HERE ->
                throw new RefusedException(Refusal.of(
                        HttpStatus.NOT_FOUND,
                        "unknown_url",
                        "Unknown request URL: " + request.getMethod() + " " + request.getRequestURI() + "."));
        };
    }

    /** A question changes nothing, so it may be put to another worker, and is held to be sent again. */
    private Answer askModel(HttpServletRequest request, Client client) throws IOException {
        byte[] body = calls.wholeBody(request);
        List<Target> workers = destinations.forModel(requestedModel.in(body));
        return asker.ask(workers, calls.question(request, body), client);
    }

    private Answer pass(HttpServletRequest request, List<Target> targets, Client client) throws IOException {
        return asker.ask(targets, calls.passing(request), client);
    }

    /** Reads may be asked twice; a body on its way through cannot be sent again. */
    private static boolean isRepeatable(HttpServletRequest request) {
        boolean isRead =
                request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        return isRead && request.getContentLengthLong() <= 0;
    }
}
