package io.orrery.engine.generate;

/**
 * What a reader of a {@link Generation} sees: the prompt's tokens where they are to be scored, tokens, and then exactly one of the
 * others.
 */
public sealed interface GenerationEvent {
    /** A token of the prompt, from the second on. */
    record Scored(TokenChoice choice) implements GenerationEvent {}

    record Token(TokenChoice choice) implements GenerationEvent {}

    record Finished(FinishReason reason) implements GenerationEvent {}

    record Failed(RuntimeException cause) implements GenerationEvent {}
}
