package io.orrery.registry.policy;

import io.orrery.registry.blob.ContentsGone;
import io.orrery.registry.blob.Sha256;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** What was found in contents goes with them. */
@Component
class ForgottenScans {
    private final JdbcClient jdbc;

    ForgottenScans(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @EventListener
    @Transactional(propagation = Propagation.MANDATORY)
    void forget(ContentsGone gone) {
        if (!gone.forGood()) {
            return;
        }
        jdbc.sql("delete from pickle_scan where sha256 = any(:hashes::text[])")
                .param("hashes", Sha256.hex(gone.contents()))
                .update();
    }
}
