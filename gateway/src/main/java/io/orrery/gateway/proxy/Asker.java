package io.orrery.gateway.proxy;

import io.github.resilience4j.retry.Retry;
import io.orrery.gateway.wire.RefusedException;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Asks one target after another until an answer begins; never a second one once a byte of an answer came. Thread-safe. */
@Component
class Asker {
    private final Upstreams upstreams;
    private final Retry retry;

    Asker(Upstreams upstreams, Retry retry) {
        this.upstreams = upstreams;
        this.retry = retry;
    }

    /**
     * The first answer that is not "busy", or the last answer.
     *
     * @param targets the best first, one at least; a target given twice may be asked twice
     * @throws RefusedException where none of them answers
     */
    Answer ask(List<Target> targets, Outgoing outgoing, Client client) {
        Iterator<Target> next = targets.stream()
                .sorted(Comparator.comparing(upstreams::isLeftAlone))
                .limit(retry.getRetryConfig().getMaxAttempts())
                .iterator();
        try {
            return retry.executeSupplier(() -> attempt(next.next(), !next.hasNext(), outgoing, client));
        } catch (UpstreamException e) {
            throw new RefusedException(e.refusal(), e);
        }
    }

    private Answer attempt(Target target, boolean isLast, Outgoing outgoing, Client client) {
        try {
            Answer answer = upstreams.send(target, outgoing, client);
            if (isLast || answer.status() != HttpStatus.SERVICE_UNAVAILABLE.value()) {
                return answer;
            }
            answer.close();
            throw new AskAnotherException(target.what() + " is not available");
        } catch (UpstreamException e) {
            if (isLast || !e.mayAskAnother()) {
                throw e;
            }
            throw new AskAnotherException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The one failure that is tried again. */
    static final class AskAnotherException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        AskAnotherException(String message) {
            super(message);
        }

        AskAnotherException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
