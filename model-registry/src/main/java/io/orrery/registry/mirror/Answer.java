package io.orrery.registry.mirror;

/** What the other hub answered: something, or that there is nothing of the kind. Every other answer is an {@link UpstreamException}. */
sealed interface Answer<T> {
    record Found<T>(T value) implements Answer<T> {}

    record Absent<T>(What what, String sentence) implements Answer<T> {}

    /** What is not there, for this mirror. */
    enum What {
        REPOSITORY,
        REVISION,
        ENTRY,
        /** Contents that the mirror's identity was not let in to. */
        GATED,
        /** Something that was taken down, or needs rights that the mirror's identity lacks. */
        FORBIDDEN
    }
}
