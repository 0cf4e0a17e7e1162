package io.orrery.inference.completion;

import io.orrery.inference.model.Lease;
import java.util.List;

/** A request of one of the two kinds, checked as far as it can be without its model. */
interface Task {
    Ask ask();

    /** Most tokens of an answer to a prompt of so many. */
    int maxTokens(int promptTokens, int contextLength);

    /** Likeliest tokens to report with each, or -1 for no log probabilities. */
    int logprobs();

    /** Whether the prompts' own tokens are reported with log probabilities. */
    boolean scorePrompt();

    /** @throws io.orrery.inference.wire.OpenAiProblem where the model cannot take the request */
    List<Prompt> prompts(Lease lease);

    AnswerFormat format(Lease lease);
}
