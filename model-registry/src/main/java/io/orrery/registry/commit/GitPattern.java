package io.orrery.registry.commit;

import java.util.regex.Pattern;

/**
 * One pattern of a .gitignore or .gitattributes (git, Documentation/gitignore, "PATTERN FORMAT"): {@code *} and {@code ?} stop at slashes,
 * {@code **} crosses folders, a slash inside binds it to the root, one at its end asks for a folder.
 */
final class GitPattern {
    private final Pattern regex;
    private final boolean folderOnly;
    private final boolean anchored;

    private GitPattern(Pattern regex, boolean folderOnly, boolean anchored) {
        this.regex = regex;
        this.folderOnly = folderOnly;
        this.anchored = anchored;
    }

    static GitPattern parse(String text) {
        boolean folderOnly = text.endsWith("/");
        String body = folderOnly ? text.substring(0, text.length() - 1) : text;
        boolean anchored = body.indexOf('/') >= 0;
        String path = body.startsWith("/") ? body.substring(1) : body;
        return new GitPattern(Pattern.compile(regex(path)), folderOnly, anchored);
    }

    /** Whether the path itself matches, as a file. */
    boolean matchesFile(String path) {
        return !folderOnly && matches(path);
    }

    /** Whether the file or a folder that it is in matches: all in an ignored folder is ignored. */
    boolean covers(String path) {
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

    private boolean matches(String path) {
        return regex.matcher(anchored ? path : path.substring(path.lastIndexOf('/') + 1))
                .matches();
    }

    private static String regex(String glob) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < glob.length()) {
            if (glob.startsWith("**/", at) && (at == 0 || glob.charAt(at - 1) == '/')) {
                out.append("(?:[^/]+/)*+");
                at += 3;
            } else if (glob.startsWith("**", at) && at + 2 == glob.length()) {
                out.append(".++");
                at += 2;
            } else {
                at = element(glob, at, out);
            }
        }
        return out.toString();
    }

    private static int element(String glob, int at, StringBuilder out) {
        char c = glob.charAt(at);
        int close = c == '[' ? glob.indexOf(']', at + 2) : -1;
        if (c == '*') {
            out.append("[^/]*");
        } else if (c == '?') {
            out.append("[^/]");
        } else if (close > 0) {
            String set = glob.substring(at + 1, close)
                    .replace("\\", "\\\\")
                    .replace("[", "\\[")
                    .replace("&&", "&");
            out.append('[')
                    .append(set.startsWith("!") ? "^" + set.substring(1) : set)
                    .append(']');
            return close + 1;
        } else if (c == '\\' && at + 1 < glob.length()) {
            out.append(Pattern.quote(glob.substring(at + 1, at + 2)));
            return at + 2;
        } else {
            out.append(Pattern.quote(String.valueOf(c)));
        }
        return at + 1;
    }
}
