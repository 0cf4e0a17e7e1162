package io.orrery.registry.blob;

import java.io.IOException;

/** Knows where contents may be had again; every such bean is asked about one that is damaged. */
public interface ContentRepair {
    /** Whether the content is here again. */
    boolean repair(Sha256 sha256) throws IOException;
}
