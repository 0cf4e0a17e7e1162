package io.orrery.registry.xet;

import io.orrery.registry.blob.Sha256;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.XetNames;
import java.util.Collection;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The names of contents that a repository was given and whose chunks are known. */
@Component
class GivenXetNames implements XetNames {
    private final XetTables tables;

    GivenXetNames(XetTables tables) {
        this.tables = tables;
    }

    @Override
    public Map<Sha256, String> of(Repo repo, Collection<Sha256> contents) {
        return contents.isEmpty() ? Map.of() : tables.hashes(repo.id(), contents);
    }
}
