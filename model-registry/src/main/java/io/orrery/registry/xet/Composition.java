package io.orrery.registry.xet;

import io.orrery.registry.blob.Content;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** A content that is read from the xorbs that it is made of. */
record Composition(XetFile recipe, Map<XetHash, Xorb> xorbs, XorbContents bytes) implements Content {
    Composition {
        xorbs = Map.copyOf(xorbs);
    }

    @Override
    public long size() {
        return recipe.size();
    }

    @Override
    public void copy(long from, long length, OutputStream out) throws IOException {
        long end = from + length;
        long at = 0;
        for (Term term : recipe.terms()) {
            if (at >= end) {
                return;
            }
            Xorb xorb = xorb(term);
            long termLength = xorb.lengthBefore(term.to()) - xorb.lengthBefore(term.from());
            long first = Math.max(0, from - at);
            long last = Math.min(termLength, end - at);
            if (first < last) {
                bytes.copy(xorb, term.from(), first, last - first, out);
            }
            at += termLength;
        }
    }

    private Xorb xorb(Term term) throws IOException {
        Xorb xorb = xorbs.get(term.xorb());
        if (xorb == null) {
            throw new IOException("the xorb " + term.xorb().hex() + " of the content "
                    + recipe.sha256().hex() + " is missing");
        }
        return xorb;
    }
}
