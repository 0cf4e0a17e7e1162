package io.orrery.registry.xet;

import io.orrery.registry.blob.ContentReferences;
import io.orrery.registry.blob.ContentsGone;
import io.orrery.registry.blob.Sha256;
import java.util.Collection;
import java.util.Set;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * A content is needed as long as another one is made of chunks that lie in it. One that is also kept as a whole does not need them: where
 * they go, it is cut again.
 */
@Component
class ComposedContents implements ContentReferences {
    private final JdbcClient jdbc;

    ComposedContents(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Set<Sha256> used(Collection<Sha256> contents) {
        return Set.copyOf(jdbc.sql("""
            select coalesce(x.object_sha256, x.content_sha256) from xorb x
            where (x.object_sha256 = any(:hashes::text[]) or x.content_sha256 = any(:hashes::text[]))
            and exists (select from xet_term t join xet_file f on f.hash = t.file where t.xorb = x.hash and not f.whole)\
            """)
                .param("hashes", Sha256.hex(contents))
                .query((row, number) -> new Sha256(row.getString(1)))
                .list());
    }

    /** With a content go its terms, the xorbs in it, and the terms that name these. */
    @EventListener
    @Transactional(propagation = Propagation.MANDATORY)
    void forget(ContentsGone gone) {
        jdbc.sql("""
            delete from xet_file f where f.sha256 = any(:hashes::text[]) or exists (
                select from xet_term t join xorb x on x.hash = t.xorb where t.file = f.hash
                and (x.object_sha256 = any(:hashes::text[]) or x.content_sha256 = any(:hashes::text[])))\
            """).param("hashes", Sha256.hex(gone.contents())).update();
        jdbc.sql("delete from xorb where object_sha256 = any(:hashes::text[])"
                        + " or content_sha256 = any(:hashes::text[])")
                .param("hashes", Sha256.hex(gone.contents()))
                .update();
    }
}
