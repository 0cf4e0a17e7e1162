package io.orrery.cli.repository;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A repository at a revision, written {@code REPO} or {@code REPO@REVISION}. */
public record RepositoryName(String repo, String revision) {
    private static final Pattern FORM =
            Pattern.compile("((?:[A-Za-z0-9][A-Za-z0-9._-]*/)?[A-Za-z0-9][A-Za-z0-9._-]*)(?:@([^@\\s]+))?");

    private static final String DEFAULT_REVISION = "main";

    /** @throws IllegalArgumentException where the text is no name of a repository */
    public static RepositoryName parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no repository; it is written NAME, OWNER/NAME or OWNER/NAME@REVISION");
        }
        String revision = form.group(2);
        return new RepositoryName(form.group(1), revision == null ? DEFAULT_REVISION : revision);
    }

    @Override
    public String toString() {
        return revision.equals(DEFAULT_REVISION) ? repo : repo + "@" + revision;
    }
}
