package io.orrery.registry.blob;

import java.io.IOException;
import java.util.Optional;

/** Knows contents that the {@link BlobStore} does not have whole; every such bean is asked in turn. */
public interface ContentSource {
    Optional<Content> find(Sha256 sha256) throws IOException;
}
