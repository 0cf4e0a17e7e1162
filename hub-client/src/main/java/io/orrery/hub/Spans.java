package io.orrery.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which bytes of a file are here: spans that neither touch nor overlap, by their start. For one thread. */
final class Spans {
    private final TreeMap<Long, Long> ends = new TreeMap<>();
    private long covered;

    /** How many of its bytes are new. */
    long add(Span span) {
        if (span.length() == 0) {
            return 0;
        }
        long from = span.from();
        long to = span.to();
        long before = covered;
        Map.Entry<Long, Long> near = ends.floorEntry(to);
        while (near != null && near.getValue() >= from) {
            from = Math.min(from, near.getKey());
            to = Math.max(to, near.getValue());
            ends.remove(near.getKey());
            covered -= near.getValue() - near.getKey();
            near = ends.floorEntry(to);
        }
        ends.put(from, to);
        covered += to - from;
        return covered - before;
    }

    long covered() {
        return covered;
    }

    /** How many bytes are here without a gap from the start on. */
    long prefix() {
        return ends.getOrDefault(0L, 0L);
    }

    /** What is not here of so many bytes, in pieces of at most a length. */
    List<Span> missing(long size, long longest) {
        List<Span> missing = new ArrayList<>();
        long position = 0;
        for (Map.Entry<Long, Long> here : ends.entrySet()) {
            cut(position, here.getKey(), longest, missing);
            position = here.getValue();
        }
        cut(position, size, longest, missing);
        return missing;
    }

    private static void cut(long from, long to, long longest, List<Span> pieces) {
        for (long start = from; start < to; start += longest) {
            pieces.add(new Span(start, Math.min(to, start + longest)));
        }
    }

    List<Span> all() {
        return ends.entrySet().stream()
                .map(here -> new Span(here.getKey(), here.getValue()))
                .toList();
    }
}
