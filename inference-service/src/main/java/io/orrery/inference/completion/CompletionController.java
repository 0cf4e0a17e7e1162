package io.orrery.inference.completion;

import io.orrery.api.openai.ChatCompletionRequest;
import io.orrery.api.openai.CompletionRequest;
import io.orrery.inference.wire.RequestBodies;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Both kinds of completion; each writes its answer itself, as it comes. */
@RestController
class CompletionController {
    private final RequestBodies bodies;
    private final Answering answering;

    CompletionController(RequestBodies bodies, Answering answering) {
        this.bodies = bodies;
        this.answering = answering;
    }

    @PostMapping("/v1/chat/completions")
    void chat(HttpServletRequest request, HttpServletResponse response) throws IOException {
        answering.answer(ChatTask.of(bodies.read(request, ChatCompletionRequest.class)), request, response);
    }

    @PostMapping("/v1/completions")
    void complete(HttpServletRequest request, HttpServletResponse response) throws IOException {
        answering.answer(CompletionTask.of(bodies.read(request, CompletionRequest.class)), request, response);
    }
}
