package io.orrery.inference.model;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.generate.EngineException;
import io.orrery.engine.model.ModelException;
import io.orrery.engine.template.TemplateException;
import io.orrery.engine.tokenizer.TokenizerException;
import io.orrery.hub.HubException;
import io.orrery.inference.wire.OpenAiProblem;
import java.time.Duration;
import java.util.Objects;
import org.springframework.http.HttpStatus;

/** What engine and hub say, as an answer to who asked. */
public final class Problems {
    private static final Duration SOON = Duration.ofSeconds(5);

    private Problems() {}

    static OpenAiProblem unknown(String message) {
        return OpenAiProblem.of(HttpStatus.NOT_FOUND, "model_not_found", message)
                .withParam("model");
    }

    static OpenAiProblem notLoadable(String model, String reason) {
        return OpenAiProblem.of(
                        HttpStatus.BAD_REQUEST,
                        "model_not_loadable",
                        "The model " + model + " cannot be loaded: " + reason)
                .withParam("model");
    }

    static OpenAiProblem unavailable(String message) {
        return OpenAiProblem.of(HttpStatus.SERVICE_UNAVAILABLE, "temporarily_unavailable", message)
                .withRetryAfter(SOON);
    }

    /** @param model as the request named it */
    static RuntimeException loading(String model, RuntimeException cause) {
        return switch (cause) {
            case ModelException e -> notLoadable(model, text(e));
            case CheckpointException e -> notLoadable(model, text(e));
            case TokenizerException e -> notLoadable(model, text(e));
            case TemplateException e -> notLoadable(model, "its chat template is broken: " + text(e));
            case HubException e -> hub(model, e);
            case EngineException e -> generating(e);
            default -> cause;
        };
    }

    private static OpenAiProblem hub(String model, HubException e) {
        if (e.status() == 404 || e.status() == 401 || e.status() == 403) {
            return unknown("The model '" + model + "' does not exist, or you may not see it: " + e.detail()
                    + " GET /v1/models lists what there is.");
        }
        return unavailable("The model " + model + " cannot be had from the model-registry right now: " + text(e));
    }

    /** What the engine says to a request. */
    public static OpenAiProblem generating(EngineException e) {
        return switch (e.reason()) {
            case TOO_LONG -> OpenAiProblem.of(HttpStatus.BAD_REQUEST, "context_length_exceeded", text(e));
            case INVALID -> OpenAiProblem.of(HttpStatus.BAD_REQUEST, "invalid_value", text(e));
            case BUSY ->
                OpenAiProblem.of(HttpStatus.TOO_MANY_REQUESTS, "engine_overloaded", text(e))
                        .withRetryAfter(SOON);
            case TIMEOUT, STOPPED -> unavailable(text(e));
        };
    }

    private static String text(Throwable cause) {
        return Objects.requireNonNullElse(cause.getMessage(), cause.toString());
    }
}
