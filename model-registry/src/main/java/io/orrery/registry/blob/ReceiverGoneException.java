package io.orrery.registry.blob;

import java.io.IOException;

/** The one who was being sent a content went away: nobody's fault here. */
public final class ReceiverGoneException extends IOException {
    public ReceiverGoneException(IOException cause) {
        super("the receiver went away", cause);
    }
}
