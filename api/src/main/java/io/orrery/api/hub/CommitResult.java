package io.orrery.api.hub;

/** A commit that was made, or the head where nothing changed. */
public record CommitResult(boolean success, String commitOid, String commitUrl, String hookOutput) {}
