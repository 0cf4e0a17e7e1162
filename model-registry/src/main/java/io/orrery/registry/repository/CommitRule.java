package io.orrery.registry.repository;

/** Something that every commit must keep, whoever makes it; every bean of this type is asked before anything is written. */
public interface CommitRule {
    /** @throws io.orrery.registry.wire.HubProblem where the commit must not be made */
    void check(Repo repo, CommitDraft draft);
}
