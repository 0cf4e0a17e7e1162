package io.orrery.engine.generate;

import java.util.List;

/**
 * Finds stop strings in text that comes piece by piece. What could be the beginning of one is held back until it is known not
 * to be. Confined to one thread.
 */
public final class StopMatcher {
    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private boolean matched;

    public StopMatcher(List<String> stops) {
        this.stops = stops.stream().filter(stop -> !stop.isEmpty()).toList();
    }

    /** The text that may be shown now. After a match nothing more comes. */
    public String push(String piece) {
        if (matched) {
            return "";
        }
        held.append(piece);
        int at = firstMatch();
        if (at >= 0) {
            matched = true;
            return held.substring(0, at);
        }
        int keep = longestBeginning();
        String text = held.substring(0, held.length() - keep);
        held.delete(0, held.length() - keep);
        return text;
    }

    /** What was held back, once no more text comes. */
    public String flush() {
        String rest = matched ? "" : held.toString();
        held.setLength(0);
        return rest;
    }

    public boolean isMatched() {
        return matched;
    }

    private int firstMatch() {
        int first = -1;
        for (String stop : stops) {
            int at = held.indexOf(stop);
            if (at >= 0 && (first < 0 || at < first)) {
                first = at;
            }
        }
        return first;
    }

    /** Length of the longest end of the held text that begins a stop string. */
    private int longestBeginning() {
        int longest = 0;
        for (String stop : stops) {
            for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
                if (stop.startsWith(held.substring(held.length() - n))) {
                    longest = n;
                }
            }
        }
        return longest;
    }
}
