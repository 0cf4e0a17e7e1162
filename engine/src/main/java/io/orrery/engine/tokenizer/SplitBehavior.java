package io.orrery.engine.tokenizer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What becomes of the delimiters of a split (tokenizers, tokenizer/normalizer.rs, SplitDelimiterBehavior). */
enum SplitBehavior {
    REMOVED {
        @Override
        List<Span> arrange(List<Span> spans) {
            return spans.stream().filter(span -> !span.matched()).toList();
        }
    },
    ISOLATED {
        @Override
        List<Span> arrange(List<Span> spans) {
            return spans;
        }
    },
    CONTIGUOUS {
        @Override
        List<Span> arrange(List<Span> spans) {
            List<Span> out = new ArrayList<>();
            boolean previous = false;
            for (Span span : spans) {
                if (span.matched() == previous && !out.isEmpty()) {
                    out.add(out.removeLast().until(span.end()));
                } else {
                    out.add(span);
                }
                previous = span.matched();
            }
            return out;
        }
    },
    MERGED_WITH_PREVIOUS {
        @Override
        List<Span> arrange(List<Span> spans) {
            List<Span> out = new ArrayList<>();
            boolean previous = false;
            for (Span span : spans) {
                if (span.matched() && !previous && !out.isEmpty()) {
                    out.add(out.removeLast().until(span.end()));
                } else {
                    out.add(span);
                }
                previous = span.matched();
            }
            return out;
        }
    },
    MERGED_WITH_NEXT {
        @Override
        List<Span> arrange(List<Span> spans) {
            List<Span> out = new ArrayList<>();
            boolean previous = false;
            for (Span span : spans.reversed()) {
                if (span.matched() && !previous && !out.isEmpty()) {
                    out.add(out.removeLast().from(span.start()));
                } else {
                    out.add(span);
                }
                previous = span.matched();
            }
            Collections.reverse(out);
            return out;
        }
    };

    /** @param spans matches and what lies between them, in order, covering a text */
    abstract List<Span> arrange(List<Span> spans);
}
