package io.orrery.registry.repository;

import java.util.Optional;

/** Something that must be so before a repository is put into a namespace; every bean of this type is asked, in the transaction that does it. */
public interface NamespaceRule {
    /**
     * @param name that the repository is to have
     * @param moved the repository, where it has another name until now
     * @throws io.orrery.registry.wire.HubProblem where it must not be put there
     */
    void check(String name, Optional<Repo> moved);
}
