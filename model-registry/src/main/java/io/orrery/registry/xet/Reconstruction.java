package io.orrery.registry.xet;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parts of xorbs that a range of a content is made of.
 *
 * @param offset bytes of the first part that stand before the range
 */
record Reconstruction(long offset, List<Part> parts) {
    /**
     * Chunks of a xorb.
     *
     * @param length bytes of the content
     */
    record Part(Xorb xorb, int from, int to, long length) {
        long firstByte() {
            return xorb.storedBefore(from);
        }

        /** The last byte itself, not the one behind it. */
        long lastByte() {
            return xorb.storedBefore(to) - 1;
        }
    }

    Reconstruction {
        parts = List.copyOf(parts);
    }

    /** Of bytes {@code from} (inclusive) to {@code end} (exclusive); no chunk more than they need. */
    static Reconstruction of(Composition content, long from, long end) {
        List<Part> parts = new ArrayList<>();
        long offset = 0;
        long at = 0;
        for (Term term : content.recipe().terms()) {
            Xorb xorb = content.xorbs().get(term.xorb());
            if (xorb == null) {
                throw new IllegalStateException("the xorb " + term.xorb().hex() + " is missing");
            }
            int first = -1;
            long firstAt = at;
            int chunk = term.from();
            for (; chunk < term.to() && at < end; chunk++) {
                int length = xorb.pieces().get(chunk).chunk().length();
                if (first < 0 && at + length > from) {
                    first = chunk;
                    firstAt = at;
                    offset = parts.isEmpty() ? from - at : offset;
                }
                at += length;
            }
            if (first >= 0) {
                parts.add(new Part(xorb, first, chunk, at - firstAt));
            }
        }
        return new Reconstruction(offset, parts);
    }

    /** What is to be fetched of each xorb: parts that touch or overlap are one. */
    Map<XetHash, List<Part>> fetches() {
        Map<XetHash, List<Part>> fetches = new LinkedHashMap<>();
        List<Part> inOrder =
                parts.stream().sorted(Comparator.comparingInt(Part::from)).toList();
        for (Part part : inOrder) {
            List<Part> fetched = fetches.computeIfAbsent(part.xorb().hash(), hash -> new ArrayList<>());
            Part last = fetched.isEmpty() ? null : fetched.getLast();
            if (last != null && part.from() <= last.to()) {
                int to = Math.max(part.to(), last.to());
                fetched.set(fetched.size() - 1, new Part(part.xorb(), last.from(), to, 0));
            } else {
                fetched.add(part);
            }
        }
        return fetches;
    }
}
