package io.orrery.registry.xet;

import io.orrery.registry.blob.Sha256;
import java.util.List;

/**
 * A content as a list of terms.
 *
 * @param whole whether it is kept as a whole, too, and its terms tell where its chunks lie in it
 */
record XetFile(XetHash hash, Sha256 sha256, long size, boolean whole, List<Term> terms) {
    XetFile {
        terms = List.copyOf(terms);
    }
}
