package io.orrery.inference.completion;

import io.orrery.api.openai.Usage;
import io.orrery.engine.generate.EngineException;
import io.orrery.engine.generate.FinishReason;
import io.orrery.engine.generate.TextPiece;
import io.orrery.inference.access.Caller;
import io.orrery.inference.completion.AnswerFormat.Spoken;
import io.orrery.inference.model.Lease;
import io.orrery.inference.model.Models;
import io.orrery.inference.model.Pending;
import io.orrery.inference.model.Problems;
import io.orrery.inference.wire.Client;
import io.orrery.inference.wire.EventStream;
import io.orrery.inference.wire.OpenAiProblem;
import io.orrery.inference.wire.WireProperties;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Takes a checked request to its answer. Thread-safe; each request stays on its own thread. */
@Component
class Answering {
    private static final Logger LOG = LoggerFactory.getLogger(Answering.class);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Models models;
    private final WireProperties properties;
    private final CompletionMeters meters;

    Answering(Models models, WireProperties properties, CompletionMeters meters) {
        this.models = models;
        this.properties = properties;
        this.meters = meters;
    }

    /** Errors before the first byte are real HTTP errors; later ones end the stream as an event. */
    void answer(Task task, HttpServletRequest request, HttpServletResponse response) throws IOException {
        EventStream stream = new EventStream(response);
        Waiting waiting = new Waiting(
                Client.of(request), task.ask().stream() ? Optional.of(stream) : Optional.empty(), properties);
        try (Pending pending = models.acquire(Caller.current(), task.ask().model())) {
            Lease lease = await(pending, waiting);
            meters.began(lease.model());
            try (Choices choices = Choices.submit(task, lease, properties.patience())) {
                Listening listening = new Listening(choices, waiting, meters.timing(lease.model()));
                if (task.ask().stream()) {
                    stream(task, lease, listening, stream);
                } else {
                    whole(task, lease, listening, response);
                }
            }
        } catch (OpenAiProblem problem) {
            end(problem, stream);
        } catch (EngineException e) {
            end(Problems.generating(e), stream);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end(OpenAiProblem.of(HttpStatus.SERVICE_UNAVAILABLE, "stopping", "The service is stopping."), stream);
        }
    }

    private static Lease await(Pending pending, Waiting waiting) throws InterruptedException {
        Optional<Lease> lease = pending.await(waiting.step());
        for (; lease.isEmpty(); lease = pending.await(waiting.step())) {
            waiting.look(pending.stage());
        }
        return lease.get();
    }

    private void stream(Task task, Lease lease, Listening listening, EventStream stream) throws InterruptedException {
        AnswerFormat format = task.format(lease);
        boolean[] begun = new boolean[listening.choices().count()];
        listening.hear(new Listening.Reader() {
            @Override
            public void piece(Choice choice, TextPiece piece) {
                begin(choice);
                format.piece(choice, piece).ifPresent(stream::event);
            }

            @Override
            public void ended(Choice choice, String finishReason) {
                begin(choice);
                stream.event(format.end(choice, finishReason));
            }

            /** Clients take choices in the order that they first see them; a scored prompt is whole only with its own choice. */
            private void begin(Choice choice) {
                for (Choice one : task.scorePrompt()
                        ? List.of(choice)
                        : listening.choices().all()) {
                    if (!begun[one.index()]) {
                        begun[one.index()] = true;
                        format.begin(one).ifPresent(stream::event);
                    }
                }
            }
        });
        Usage usage = listening.choices().usage();
        if (task.ask().includeUsage()) {
            stream.event(format.usage(usage));
        }
        stream.done();
        meters.answered(lease.model(), usage);
    }

    private void whole(Task task, Lease lease, Listening listening, HttpServletResponse response)
            throws InterruptedException, IOException {
        Map<Integer, List<TextPiece>> pieces = new TreeMap<>();
        Map<Integer, Spoken> spoken = new TreeMap<>();
        listening.hear(new Listening.Reader() {
            @Override
            public void piece(Choice choice, TextPiece piece) {
                pieces.computeIfAbsent(choice.index(), _ -> new ArrayList<>()).add(piece);
            }

            @Override
            public void ended(Choice choice, String finishReason) {
                spoken.put(
                        choice.index(),
                        new Spoken(choice, pieces.getOrDefault(choice.index(), List.of()), finishReason));
            }
        });
        Usage usage = listening.choices().usage();
        byte[] body = JSON.writeValueAsBytes(task.format(lease).whole(List.copyOf(spoken.values()), usage));
        meters.answered(lease.model(), usage);
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        response.flushBuffer();
    }

    private static void end(OpenAiProblem problem, EventStream stream) {
        if (!stream.isOpen()) {
            throw problem;
        }
        LOG.debug("a stream ends early: {}", problem.getMessage());
        stream.fail(problem);
    }

    /** OpenAI's word for why an answer ended. */
    static String word(FinishReason reason) {
        return switch (reason) {
            case STOP -> "stop";
            case LENGTH -> "length";
            case CANCELLED ->
                throw new EngineException(EngineException.Reason.STOPPED, "the answer was cancelled before its end");
        };
    }
}
