package io.orrery.registry.resolve;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of a content that is asked for (RFC 9110, section 14): the whole, some bytes, or something that is not there. */
public sealed interface ByteRange {
    /** Everything; also where a range cannot be read or names several parts, which a server may ignore. */
    record Whole() implements ByteRange {}

    /** Bytes from {@code start}, {@code length} of them, at least one. */
    record Part(long start, long length) implements ByteRange {}

    /** Nothing of the content. */
    record Unsatisfiable() implements ByteRange {}

    Pattern SINGLE = Pattern.compile("\\s*bytes\\s*=\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})\\s*");

    static ByteRange of(Optional<String> header, long size) {
        Matcher range = SINGLE.matcher(header.orElse(""));
        if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
            return new Whole();
        }
        if (range.group(1).isEmpty()) {
            long length = Math.min(size, Long.parseLong(range.group(2)));
            return length == 0 ? new Unsatisfiable() : new Part(size - length, length);
        }
        long start = Long.parseLong(range.group(1));
        long last = range.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(range.group(2)));
        if (!range.group(2).isEmpty() && Long.parseLong(range.group(2)) < start) {
            return new Whole();
        }
        return start >= size ? new Unsatisfiable() : new Part(start, last - start + 1);
    }
}
