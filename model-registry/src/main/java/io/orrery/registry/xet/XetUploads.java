package io.orrery.registry.xet;

import io.orrery.registry.blob.Contents;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.blob.StagedBlob;
import io.orrery.registry.lfs.LfsObjects;
import io.orrery.registry.wire.HubProblem;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Keeps xorbs, and contents that are made of them once it is proven that they are. */
@Service
class XetUploads {
    private final XetTables tables;
    private final Contents contents;
    private final Compositions compositions;
    private final LfsObjects objects;
    private final TransactionTemplate transactions;

    XetUploads(
            XetTables tables,
            Contents contents,
            Compositions compositions,
            LfsObjects objects,
            TransactionTemplate transactions) {
        this.tables = tables;
        this.contents = contents;
        this.compositions = compositions;
        this.objects = objects;
        this.transactions = transactions;
    }

    /** Whether the xorb was not here. One that is here is kept as it is, and its sender may use it too. */
    boolean keep(Xorb xorb, StagedBlob staged, XetGrant grant) throws IOException {
        boolean isNew = !isKept(xorb.hash());
        if (isNew) {
            contents.publish(List.of(staged));
        }
        return Boolean.TRUE.equals(transactions.execute(status -> {
            boolean inserted = isNew && tables.insert(xorb);
            List<XetHash> widelyKnown = xorb.pieces().stream()
                    .map(piece -> piece.chunk().hash())
                    .filter(XetHash::isWidelyKnown)
                    .toList();
            tables.index(xorb.hash(), widelyKnown);
            tables.give(grant.repoId(), List.of(xorb.hash()));
            return inserted;
        }));
    }

    /** Whether a xorb is here, which is not collected now. */
    private boolean isKept(XetHash xorb) {
        contents.touch(tables.contents(List.of(xorb)));
        return !tables.xorbs(List.of(xorb)).isEmpty();
    }

    /** Counts a content as given to the repository, after a look at all of it. */
    void register(Shard.FileEntry entry, XetGrant grant) throws IOException {
        Map<XetHash, Xorb> xorbs = usable(entry, grant);
        List<Chunk> chunks = chunks(entry, xorbs);
        if (!Hashing.file(chunks).equals(entry.hash())) {
            throw new BrokenXetException("the terms of the file " + entry.hash().hex() + " make the file "
                    + Hashing.file(chunks).hex());
        }
        long size = chunks.stream().mapToLong(Chunk::length).sum();
        Sha256 sha256 = sha256(entry, size);
        XetFile file = new XetFile(entry.hash(), sha256, size, false, entry.terms());
        transactions.executeWithoutResult(status -> {
            hold(entry, xorbs);
            contents.count(sha256, size);
            tables.insert(file);
            tables.give(grant.repoId(), xorbs.keySet());
            firstChunk(file, chunks);
            if (!objects.add(grant.repoId(), sha256, size, grant.caller())) {
                throw HubProblem.repoNotFound();
            }
        });
    }

    /** Until the terms are written down, nobody may collect what they name. */
    private void hold(Shard.FileEntry entry, Map<XetHash, Xorb> xorbs) {
        Set<Sha256> gone = contents.hold(
                xorbs.values().stream().map(xorb -> xorb.kept().content()).toList());
        if (!gone.isEmpty()) {
            throw new BrokenXetException("the file " + entry.hash().hex()
                    + " is made of a xorb that was uploaded too long ago and is no longer there; upload it again");
        }
    }

    /** Whoever uploads a like content asks for its first chunk. */
    private void firstChunk(XetFile file, List<Chunk> chunks) {
        if (!chunks.isEmpty()) {
            tables.index(
                    file.terms().getFirst().xorb(), List.of(chunks.getFirst().hash()));
        }
    }

    private Map<XetHash, Xorb> usable(Shard.FileEntry entry, XetGrant grant) {
        Set<XetHash> named = entry.terms().stream().map(Term::xorb).collect(Collectors.toSet());
        Collection<XetHash> usable = tables.usable(named, grant);
        Set<XetHash> missing = new HashSet<>(named);
        usable.forEach(missing::remove);
        if (!missing.isEmpty()) {
            throw new BrokenXetException("the file " + entry.hash().hex() + " is made of the xorb "
                    + missing.iterator().next().hex() + ", which was not uploaded");
        }
        return tables.xorbs(named);
    }

    private static List<Chunk> chunks(Shard.FileEntry entry, Map<XetHash, Xorb> xorbs) {
        List<Chunk> chunks = new ArrayList<>();
        for (int i = 0; i < entry.terms().size(); i++) {
            Term term = entry.terms().get(i);
            Xorb xorb = xorbs.get(term.xorb());
            if (xorb == null
                    || term.from() < 0
                    || term.from() >= term.to()
                    || term.to() > xorb.pieces().size()) {
                throw new BrokenXetException("the file " + entry.hash().hex() + " names chunks " + term.from() + " to "
                        + term.to() + " of the xorb " + term.xorb().hex() + ", which it does not have");
            }
            List<Chunk> run = xorb.chunks(term.from(), term.to());
            if (!entry.verifications().isEmpty()
                    && !Hashing.verification(run).equals(entry.verifications().get(i))) {
                throw new BrokenXetException(
                        "term " + i + " of the file " + entry.hash().hex() + " does not match its verification hash");
            }
            chunks.addAll(run);
        }
        return chunks;
    }

    /** Of the content as it will be read, whatever the shard says. */
    private Sha256 sha256(Shard.FileEntry entry, long size) throws IOException {
        MessageDigest digest = Sha256.digest();
        Sha256 placeholder = entry.sha256().orElseGet(() -> Sha256.of(new byte[0]));
        Composition content = compositions.of(new XetFile(entry.hash(), placeholder, size, false, entry.terms()));
        try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            content.copy(0, size, out);
        }
        Sha256 found = Sha256.ofDigest(digest);
        if (entry.sha256().isPresent() && !entry.sha256().get().equals(found)) {
            throw new BrokenXetException("the file " + entry.hash().hex() + " has the sha256 " + found.hex()
                    + ", not the announced " + entry.sha256().get().hex());
        }
        return found;
    }
}
