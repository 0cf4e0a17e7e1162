package io.orrery.inference.completion;

import java.util.Objects;

/** What an answer continues: as tokens, and as the text that an echo shows. */
record Prompt(int[] tokens, String text) {
    Prompt {
        Objects.requireNonNull(tokens);
    }
}
