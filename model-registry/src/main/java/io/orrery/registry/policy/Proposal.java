package io.orrery.registry.policy;

import java.util.List;

/**
 * What is to be kept in a repository.
 *
 * @param repo its name, for messages
 * @param licences that its card names, where the card is among the files
 */
public record Proposal(String repo, List<String> licences, List<ProposedFile> files) {
    public Proposal {
        licences = List.copyOf(licences);
        files = List.copyOf(files);
    }
}
