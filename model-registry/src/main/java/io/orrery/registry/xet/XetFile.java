package io.orrery.registry.xet;

import io.orrery.registry.blob.Sha256;
import java.util.List;

/** A content as a list of terms. */
record XetFile(XetHash hash, Sha256 sha256, long size, List<Term> terms) {
    XetFile {
        terms = List.copyOf(terms);
    }
}
