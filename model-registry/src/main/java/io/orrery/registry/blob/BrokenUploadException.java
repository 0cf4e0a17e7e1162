package io.orrery.registry.blob;

import java.io.IOException;

/** The sender of a content went away before its end; nothing of it was kept. */
public final class BrokenUploadException extends IOException {
    BrokenUploadException(String what, long received, IOException cause) {
        super("The upload of " + what + " broke off after " + received + " bytes; nothing was stored.", cause);
    }
}
