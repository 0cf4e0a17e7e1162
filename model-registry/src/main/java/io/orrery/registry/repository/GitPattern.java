package io.orrery.registry.repository;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * One pattern of a .gitignore or .gitattributes (git, Documentation/gitignore, "PATTERN FORMAT"): {@code *} and {@code ?} stop at slashes,
 * {@code **} crosses folders, a slash inside binds it to the root, one at its end asks for a folder. All ways to match are followed at
 * once, so the time is bounded by the lengths of pattern and path, which a regular expression's is not.
 */
public final class GitPattern {
    private sealed interface Element {
        /** A character. */
        record One(IntPredicate accepts) implements Element {}

        /** Characters of one name, or none. */
        record Star() implements Element {}

        /** Whole folders with their slashes, or none. */
        record Folders() implements Element {}

        /** All that is left, at least one character. */
        record Rest() implements Element {}
    }

    private final List<Element> elements;
    private final boolean folderOnly;
    private final boolean anchored;

    private GitPattern(List<Element> elements, boolean folderOnly, boolean anchored) {
        this.elements = elements;
        this.folderOnly = folderOnly;
        this.anchored = anchored;
    }

    /** Empty where the pattern cannot be read: git then takes it for one that matches nothing. */
    public static Optional<GitPattern> parse(String text) {
        boolean folderOnly = text.endsWith("/");
        String body = folderOnly ? text.substring(0, text.length() - 1) : text;
        boolean anchored = body.indexOf('/') >= 0;
        return elements(body.startsWith("/") ? body.substring(1) : body)
                .map(elements -> new GitPattern(elements, folderOnly, anchored));
    }

    /** Whether the path itself matches, as a file. */
    public boolean matchesFile(String path) {
        return !folderOnly && matches(path);
    }

    /** Whether the file or a folder that it is in matches: all in an ignored folder is ignored. */
    public boolean covers(String path) {
        if (matchesFile(path)) {
            return true;
        }
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (matches(path.substring(0, slash))) {
                return true;
            }
        }
        return false;
    }

    /** Place {@code i} stands before element {@code i}; {@code i + size + 1} stands inside a folder that element {@code i} swallows. */
    private boolean matches(String path) {
        String subject = anchored ? path : path.substring(path.lastIndexOf('/') + 1);
        BitSet places = new BitSet();
        enter(places, 0);
        for (int i = 0; i < subject.length() && !places.isEmpty(); i++) {
            places = step(places, subject.charAt(i));
        }
        return places.get(elements.size());
    }

    private BitSet step(BitSet places, char c) {
        int inside = elements.size() + 1;
        BitSet next = new BitSet();
        for (int place = places.nextSetBit(0); place >= 0; place = places.nextSetBit(place + 1)) {
            int at = place >= inside ? place - inside : place;
            if (at == elements.size()) {
                continue;
            }
            switch (elements.get(at)) {
                case Element.One one -> {
                    if (one.accepts().test(c)) {
                        enter(next, at + 1);
                    }
                }
                case Element.Star star -> {
                    if (c != '/') {
                        enter(next, at);
                    }
                }
                case Element.Folders folders -> {
                    if (c == '/') {
                        enter(next, at);
                    } else {
                        next.set(at + inside);
                    }
                }
                case Element.Rest rest -> {
                    next.set(at);
                    next.set(at + 1);
                }
            }
        }
        return next;
    }

    /** A place, and those behind elements that may match nothing. */
    private void enter(BitSet places, int place) {
        int at = place;
        places.set(at);
        while (at < elements.size()
                && (elements.get(at) instanceof Element.Star || elements.get(at) instanceof Element.Folders)) {
            at++;
            places.set(at);
        }
    }

    private static Optional<List<Element>> elements(String glob) {
        List<Element> elements = new ArrayList<>();
        int at = 0;
        while (at < glob.length()) {
            char c = glob.charAt(at);
            if (glob.startsWith("**/", at) && (at == 0 || glob.charAt(at - 1) == '/')) {
                elements.add(new Element.Folders());
                at += 3;
            } else if (glob.startsWith("**", at) && at + 2 == glob.length()) {
                elements.add(new Element.Rest());
                at += 2;
            } else if (c == '*') {
                elements.add(new Element.Star());
                at++;
            } else if (c == '[') {
                int close = glob.indexOf(']', at + 2);
                if (close < 0) {
                    return Optional.empty();
                }
                elements.add(new Element.One(set(glob.substring(at + 1, close))));
                at = close + 1;
            } else {
                boolean quoted = c == '\\' && at + 1 < glob.length();
                char literal = quoted ? glob.charAt(at + 1) : c;
                elements.add(new Element.One(c == '?' ? any -> any != '/' : any -> any == literal));
                at += quoted ? 2 : 1;
            }
        }
        return Optional.of(elements);
    }

    private static IntPredicate set(String text) {
        boolean negated = text.startsWith("!") || text.startsWith("^");
        String members = negated ? text.substring(1) : text;
        IntPredicate within = c -> {
            for (int i = 0; i < members.length(); i++) {
                boolean range = i + 2 < members.length() && members.charAt(i + 1) == '-';
                char last = range ? members.charAt(i + 2) : members.charAt(i);
                if (c >= members.charAt(i) && c <= last) {
                    return true;
                }
                i += range ? 2 : 0;
            }
            return false;
        };
        return c -> c != '/' && within.test(c) != negated;
    }
}
