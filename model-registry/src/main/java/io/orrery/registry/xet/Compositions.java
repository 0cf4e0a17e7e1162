package io.orrery.registry.xet;

import io.orrery.registry.blob.Content;
import io.orrery.registry.blob.ContentSource;
import io.orrery.registry.blob.Sha256;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** The contents that are kept as lists of chunks. */
@Component
class Compositions implements ContentSource {
    private final XetTables tables;
    private final XorbContents bytes;

    Compositions(XetTables tables, XorbContents bytes) {
        this.tables = tables;
        this.bytes = bytes;
    }

    @Override
    public Optional<Content> find(Sha256 sha256) {
        return tables.file(sha256).filter(file -> !file.whole()).map(this::of);
    }

    Composition of(XetFile file) {
        Map<XetHash, Xorb> xorbs =
                tables.xorbs(file.terms().stream().map(Term::xorb).collect(Collectors.toSet()));
        return new Composition(file, xorbs, bytes);
    }
}
