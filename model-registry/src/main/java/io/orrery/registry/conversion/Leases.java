package io.orrery.registry.conversion;

import io.orrery.api.hub.Conversion.Progress;
import java.time.Duration;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Component;

/**
 * Who works on a conversion. Each claim has an epoch of its own, and whatever a worker writes names it, so that one that was taken for dead
 * changes nothing when it comes back.
 */
@Component
class Leases {
    private static final int MAX_ERROR = 2000;
    private static final String HELD = " where id = :id and epoch = :epoch and state = 'RUNNING'";
    private static final String FREE =
            " where id = :id and (state = 'QUEUED' or (state = 'RUNNING' and lease_until < now()))";

    private static final String FAR = "stage = :stage, tensors = :tensors, total_tensors = :totalTensors,"
            + " bytes = :bytes, total_bytes = :totalBytes";

    /** A conversion that is this process's until it ends or the lease runs out. */
    record Lease(Order order, long epoch) {}

    private final JdbcClient jdbc;
    private final ConversionProperties properties;

    Leases(JdbcClient jdbc, ConversionProperties properties) {
        this.jdbc = jdbc;
        this.properties = properties;
    }

    /** Takes a conversion that waits or whose worker is dead; empty where there is nothing to be done. */
    Optional<Lease> claim(String id, String worker) {
        return jdbc.sql("update conversion set state = 'RUNNING', epoch = epoch + 1, attempt = attempt + 1,"
                        + " worker = :worker, lease_until = now() + :lease * interval '1 millisecond',"
                        + " started_at = coalesce(started_at, now()), stage = '', tensors = 0, total_tensors = 0,"
                        + " bytes = 0, total_bytes = 0" + FREE + " and attempt < :most returning *")
                .param("id", id)
                .param("worker", worker)
                .param("lease", properties.lease().toMillis())
                .param("most", properties.attempts())
                .query((row, number) -> new Lease(JobTable.order(row), row.getLong("epoch")))
                .optional();
    }

    /** Ends a conversion that was begun too often: it may be what its workers died of. @return whether it was */
    boolean endExhausted(String id) {
        return jdbc.sql("update conversion set state = 'FAILED', finished_at = now(), worker = null,"
                                + " lease_until = null, error = 'It was begun ' || attempt || ' times and never"
                                + " ended, last by ' || coalesce(worker, 'a worker that gave it back') ||"
                                + " coalesce(': ' || error, '') || '. Its worker''s log may say why.'"
                                + FREE + " and attempt >= :most")
                        .param("id", id)
                        .param("most", properties.attempts())
                        .update()
                == 1;
    }

    /** Says that the worker lives and how far it is. @return whether the conversion is still its own */
    boolean beat(Lease lease, Progress progress) {
        return held("lease_until = now() + :lease * interval '1 millisecond', " + FAR, lease, progress)
                        .param("lease", properties.lease().toMillis())
                        .update()
                == 1;
    }

    boolean succeed(Lease lease, String commit, Progress progress) {
        return held(
                                "state = 'SUCCEEDED', finished_at = now(), worker = null, lease_until = null, error ="
                                        + " null, result_commit = :commit, " + FAR,
                                lease,
                                progress)
                        .param("commit", commit)
                        .update()
                == 1;
    }

    boolean fail(Lease lease, String error) {
        return held("state = 'FAILED', finished_at = now(), worker = null, lease_until = null, error = :error", lease)
                        .param("error", shortened(error))
                        .update()
                == 1;
    }

    /** Lets it be tried again after a pause that grows; the last attempt ends it. @return whether it ended */
    boolean retry(Lease lease, String error, Duration pause) {
        held(
                        "state = case when attempt < :most then 'QUEUED' else 'FAILED' end,"
                                + " finished_at = case when attempt < :most then null else now() end,"
                                + " ring_at = now() + attempt * :pause * interval '1 millisecond',"
                                + " worker = null, lease_until = null, error = :error",
                        lease)
                .param("most", properties.attempts())
                .param("pause", pause.toMillis())
                .param("error", shortened(error))
                .update();
        return jdbc.sql("select state = 'FAILED' from conversion where id = :id")
                .param("id", lease.order().id())
                .query(Boolean.class)
                .single();
    }

    /** Gives it back as if it had not been begun. @return whether it was still this worker's */
    boolean release(Lease lease) {
        return held("state = 'QUEUED', attempt = attempt - 1, worker = null, lease_until = null", lease)
                        .update()
                == 1;
    }

    private StatementSpec held(String change, Lease lease) {
        return jdbc.sql("update conversion set " + change + HELD)
                .param("id", lease.order().id())
                .param("epoch", lease.epoch());
    }

    private StatementSpec held(String change, Lease lease, Progress progress) {
        return held(change, lease)
                .param("stage", progress.stage())
                .param("tensors", progress.tensors())
                .param("totalTensors", progress.totalTensors())
                .param("bytes", progress.bytes())
                .param("totalBytes", progress.totalBytes());
    }

    private static String shortened(String error) {
        return error.length() > MAX_ERROR ? error.substring(0, MAX_ERROR) : error;
    }
}
