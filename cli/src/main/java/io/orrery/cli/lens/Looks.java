package io.orrery.cli.lens;

import java.util.Optional;

/**
 * What to look at.
 *
 * @param top next tokens that are told of
 * @param lens whether what each layer would say is wanted
 */
public record Looks(int top, Optional<HeadName> head, boolean lens) {
    public Looks {
        if (top < 1) {
            throw new IllegalArgumentException("--top is " + top + "; it must be 1 or more");
        }
    }
}
