package io.orrery.registry.xet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Chunks {@code from} (inclusive) to {@code to} (exclusive) of a xorb: a part of a content. */
record Term(XetHash xorb, int from, int to) {
    private static final int ROW = XetHash.BYTES + 2 * Integer.BYTES;

    static byte[] encode(List<Term> terms) {
        ByteBuffer rows = ByteBuffer.allocate(terms.size() * ROW).order(ByteOrder.LITTLE_ENDIAN);
        terms.forEach(term -> rows.put(term.xorb().bytes()).putInt(term.from()).putInt(term.to()));
        return rows.array();
    }

    static List<Term> decode(byte[] encoded) {
        ByteBuffer rows = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
        List<Term> terms = new ArrayList<>(encoded.length / ROW);
        while (rows.hasRemaining()) {
            XetHash xorb = XetHash.read(rows);
            int from = rows.getInt();
            terms.add(new Term(xorb, from, rows.getInt()));
        }
        return terms;
    }
}
