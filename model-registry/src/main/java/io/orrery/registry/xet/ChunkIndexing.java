package io.orrery.registry.xet;

import io.orrery.registry.blob.Content;
import io.orrery.registry.blob.Contents;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.xet.Xorb.Piece;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes chunks known of contents that came whole, so that whoever uploads something like one sends the difference only. The chunks are
 * named where they lie; nothing is copied.
 */
@Component
class ChunkIndexing {
    private final JdbcClient jdbc;
    private final XetTables tables;
    private final Contents contents;
    private final TransactionTemplate transactions;

    ChunkIndexing(JdbcClient jdbc, XetTables tables, Contents contents, TransactionTemplate transactions) {
        this.jdbc = jdbc;
        this.tables = tables;
        this.contents = contents;
        this.transactions = transactions;
    }

    /** The next content after another one, in the order of hashes, whose chunks are not known. */
    Optional<Sha256> next(String after) {
        return jdbc.sql("""
            select c.sha256 from content c
            where c.sha256 > :after and c.size > 0
            and (exists (select 1 from lfs_object o where o.sha256 = c.sha256)
                or exists (select 1 from mirrored_content m join git_blob b on b.content_sha256 = m.sha256
                    where m.sha256 = c.sha256 and b.lfs))
            and not exists (select 1 from xet_file f where f.sha256 = c.sha256)
            order by c.sha256 limit 1\
            """)
                .param("after", after)
                .query(String.class)
                .optional()
                .map(Sha256::new);
    }

    /** Cuts a content, one pass over its bytes, and notes its chunks in one transaction. */
    void index(Sha256 sha256) throws IOException {
        Content content = contents.open(sha256);
        Cut cut = new Cut();
        content.copy(0, content.size(), cut);
        List<Chunk> chunks = cut.finish();
        List<Xorb> xorbs = xorbs(sha256, chunks);
        List<Term> terms = xorbs.stream()
                .map(xorb -> new Term(xorb.hash(), 0, xorb.pieces().size()))
                .toList();
        transactions.executeWithoutResult(status -> {
            if (!contents.hold(List.of(sha256)).isEmpty()) {
                return;
            }
            for (Xorb xorb : xorbs) {
                tables.insert(xorb);
                tables.index(xorb.hash(), entrances(xorb));
            }
            tables.insert(new XetFile(Hashing.file(chunks), sha256, content.size(), true, terms));
        });
    }

    /** The first chunk, which every uploader asks for, and those that may be asked for anywhere. */
    private static List<XetHash> entrances(Xorb xorb) {
        List<XetHash> entrances = new ArrayList<>();
        entrances.add(xorb.pieces().getFirst().chunk().hash());
        xorb.pieces().stream()
                .map(piece -> piece.chunk().hash())
                .filter(XetHash::isWidelyKnown)
                .forEach(entrances::add);
        return entrances.stream().distinct().toList();
    }

    private static List<Xorb> xorbs(Sha256 content, List<Chunk> chunks) {
        List<Xorb> xorbs = new ArrayList<>();
        List<Piece> pieces = new ArrayList<>();
        long stored = 0;
        long offset = 0;
        long begun = 0;
        for (Chunk chunk : chunks) {
            Piece piece = new Piece(chunk, ChunkCodec.HEADER + chunk.length());
            if (pieces.size() == Xorb.MOST_CHUNKS || stored + piece.stored() > Xorb.MOST_BYTES) {
                xorbs.add(xorb(content, begun, pieces));
                pieces = new ArrayList<>();
                stored = 0;
                begun = offset;
            }
            pieces.add(piece);
            stored += piece.stored();
            offset += chunk.length();
        }
        if (!pieces.isEmpty()) {
            xorbs.add(xorb(content, begun, pieces));
        }
        return xorbs;
    }

    private static Xorb xorb(Sha256 content, long offset, List<Piece> pieces) {
        XetHash hash = Hashing.xorb(pieces.stream().map(Piece::chunk).toList());
        return new Xorb(hash, new Xorb.Kept.Within(content, offset), pieces);
    }

    /** Cuts what is written to it. */
    private static final class Cut extends OutputStream {
        private final Chunker chunker = new Chunker();
        private final List<Chunk> chunks = new ArrayList<>();

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            chunker.update(bytes, offset, length, chunks::add);
        }

        List<Chunk> finish() {
            chunker.finish(chunks::add);
            return chunks;
        }
    }
}
