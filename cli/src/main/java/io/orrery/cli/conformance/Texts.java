package io.orrery.cli.conformance;

/** Says where two texts, or what they print as, part. */
final class Texts {
    private static final int SHOWN = 60;

    private Texts() {}

    static String difference(Object got, Object want) {
        String found = got.toString();
        String wanted = want.toString();
        int at = 0;
        while (at < Math.min(found.length(), wanted.length()) && found.charAt(at) == wanted.charAt(at)) {
            at++;
        }
        return "got " + around(found, at) + ", want " + around(wanted, at) + ", worst element at character " + at;
    }

    private static String around(String text, int at) {
        int from = Math.max(0, Math.min(at, text.length()) - SHOWN / 2);
        int to = Math.min(text.length(), from + SHOWN);
        return (from > 0 ? "..." : "") + "\"" + text.substring(from, to) + "\"" + (to < text.length() ? "..." : "");
    }
}
