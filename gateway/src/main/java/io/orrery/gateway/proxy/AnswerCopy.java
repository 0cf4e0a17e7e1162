package io.orrery.gateway.proxy;

import io.orrery.gateway.access.Destination;
import io.orrery.gateway.access.Route;
import io.orrery.gateway.wire.Refusal;
import io.orrery.gateway.wire.Refusals;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Copies an answer to the client as it comes. Thread-safe; a call is confined to the request's thread. */
@Component
class AnswerCopy {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerCopy.class);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int PIECE = 64 * 1024;

    private final PassedHeaders headers;
    private final Refusals refusals;
    private final Upstreams upstreams;
    private final Duration idle;

    AnswerCopy(PassedHeaders headers, Refusals refusals, Upstreams upstreams, ProxyProperties properties) {
        this.headers = headers;
        this.refusals = refusals;
        this.upstreams = upstreams;
        this.idle = properties.idle();
    }

    /** How a copy ended. */
    enum Outcome {
        COMPLETE,
        UPSTREAM_BROKE_OFF
    }

    /** @throws ClientGoneException where the client does not wait for the end; closing the answer then stops the service */
    Outcome copy(Answer answer, Route route, HttpServletResponse response, Client client) {
        response.setStatus(answer.status());
        headers.toClient(answer.headers(), response);
        try {
            return answer.isEventStream()
                    ? copyEvents(answer, route, response, client)
                    : copyBytes(answer, response, client);
        } catch (IOException e) {
            throw new ClientGoneException("the client left during the answer: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            client.cut();
            return Outcome.UPSTREAM_BROKE_OFF;
        }
    }

    private Outcome copyBytes(Answer answer, HttpServletResponse response, Client client)
            throws IOException, InterruptedException {
        OutputStream out = response.getOutputStream();
        byte[] piece = new byte[PIECE];
        if (answer.headers().firstValue("Content-Length").isEmpty()) {
            response.flushBuffer();
        }
        while (true) {
            switch (next(answer, client)) {
                case AnswerBody.Part.Bytes(var buffers) -> {
                    for (ByteBuffer buffer : buffers) {
                        write(buffer, piece, out);
                    }
                    out.flush();
                }
                case AnswerBody.Part.End _ -> {
                    response.flushBuffer();
                    return Outcome.COMPLETE;
                }
                case AnswerBody.Part.BrokenOff(var cause) -> {
                    failed(answer, cause);
                    client.cut();
                    return Outcome.UPSTREAM_BROKE_OFF;
                }
            }
        }
    }

    /** A stream that breaks off ends with an error event: clients take a silent end for a whole answer. */
    private Outcome copyEvents(Answer answer, Route route, HttpServletResponse response, Client client)
            throws IOException, InterruptedException {
        EventBuffer events = new EventBuffer();
        response.flushBuffer();
        OutputStream out = response.getOutputStream();
        while (true) {
            switch (next(answer, client)) {
                case AnswerBody.Part.Bytes(var buffers) -> {
                    out.write(events.accept(buffers));
                    out.flush();
                }
                case AnswerBody.Part.End _ -> {
                    out.write(events.rest());
                    boolean isWhole = route.destination() != Destination.WORKER_FOR_MODEL || events.isDone();
                    if (!isWhole) {
                        failed(answer, new IOException("the stream ended without [DONE]"));
                        out.write(refusals.lastEvents(brokeOff(answer)));
                    }
                    out.flush();
                    return isWhole ? Outcome.COMPLETE : Outcome.UPSTREAM_BROKE_OFF;
                }
                case AnswerBody.Part.BrokenOff(var cause) -> {
                    failed(answer, cause);
                    out.write(refusals.lastEvents(brokeOff(answer)));
                    out.flush();
                    return Outcome.UPSTREAM_BROKE_OFF;
                }
            }
        }
    }

    private AnswerBody.Part next(Answer answer, Client client) throws InterruptedException {
        long deadline = System.nanoTime() + idle.toNanos();
        while (true) {
            Optional<AnswerBody.Part> part = answer.body().next(LOOK);
            if (part.isPresent()) {
                return part.get();
            }
            if (client.isGone()) {
                throw new ClientGoneException("the client left during the answer");
            }
            if (System.nanoTime() > deadline) {
                return new AnswerBody.Part.BrokenOff(new IOException("nothing came for " + idle.toSeconds() + " s"));
            }
        }
    }

    private void failed(Answer answer, Throwable cause) {
        upstreams.brokeOff(answer.target(), cause);
        LOG.warn("the answer of {} broke off: {}", answer.target().what(), cause.toString());
    }

    private static Refusal brokeOff(Answer answer) {
        return Refusal.of(
                HttpStatus.BAD_GATEWAY,
                "upstream_failed",
                "The answer broke off: " + answer.target().what() + " stopped in the middle of it. Ask again.");
    }

    /** What the HTTP client hands over is read-only, and so without an array to write from. */
    private static void write(ByteBuffer buffer, byte[] piece, OutputStream out) throws IOException {
        while (buffer.hasRemaining()) {
            int count = Math.min(piece.length, buffer.remaining());
            buffer.get(piece, 0, count);
            out.write(piece, 0, count);
        }
    }
}
