package io.orrery.inference.completion;

import io.orrery.api.openai.Usage;
import io.orrery.engine.generate.GenerationRequest;
import io.orrery.engine.generate.TextGeneration;
import io.orrery.inference.model.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** All answers of a request; closing it frees their places on the device. Confined to the request's thread. */
final class Choices implements AutoCloseable {
    private final List<Choice> all = new ArrayList<>();
    /** The engine generates a bounded number of tokens, and no more come than those. */
    private final BlockingQueue<Choice.Event> events = new LinkedBlockingQueue<>();

    private final List<Prompt> prompts;

    private Choices(List<Prompt> prompts) {
        this.prompts = prompts;
    }

    /** Submits every prompt n times, or nothing at all. */
    static Choices submit(Task task, Lease lease, Duration patience) {
        Choices choices = new Choices(task.prompts(lease));
        try {
            for (Prompt prompt : choices.prompts) {
                for (int answer = 0; answer < task.ask().n(); answer++) {
                    choices.add(task, lease, prompt, answer);
                }
            }
        } catch (RuntimeException e) {
            choices.close();
            throw e;
        }
        choices.all.forEach(choice -> choice.pump(patience, choices.events::add));
        return choices;
    }

    private void add(Task task, Lease lease, Prompt prompt, int answer) {
        GenerationRequest request = new GenerationRequest(
                prompt.tokens(),
                task.maxTokens(prompt.tokens().length, lease.contextLength()),
                lease.stopTokens(),
                task.ask().sampling(answer),
                task.logprobs(),
                lease.adapter(),
                task.scorePrompt());
        TextGeneration generation = new TextGeneration(
                lease.submit(request),
                lease.tokenizer().stream(true),
                task.ask().stops());
        all.add(new Choice(all.size(), prompt, generation));
    }

    int count() {
        return all.size();
    }

    /** By prompt, and by answer within each. */
    List<Choice> all() {
        return List.copyOf(all);
    }

    /** Waits for what any of them says next; empty where that takes longer. */
    Optional<Choice.Event> next(Duration patience) throws InterruptedException {
        return Optional.ofNullable(events.poll(patience.toNanos(), TimeUnit.NANOSECONDS));
    }

    /** Prompts count once, however many answers they have. */
    Usage usage() {
        return new Usage(
                prompts.stream().mapToInt(prompt -> prompt.tokens().length).sum(),
                all.stream().mapToInt(choice -> choice.generation().tokens()).sum());
    }

    @Override
    public void close() {
        all.forEach(Choice::close);
    }
}
