package io.orrery.engine.generate;

/** What a reader of a {@link Generation} sees: tokens, and then exactly one of the others. */
public sealed interface GenerationEvent {
    record Token(TokenChoice choice) implements GenerationEvent {}

    record Finished(FinishReason reason) implements GenerationEvent {}

    record Failed(RuntimeException cause) implements GenerationEvent {}
}
