package io.orrery.registry.mirror;

import io.orrery.registry.wire.HubProblem;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The other hub did not give what was asked for, which does not mean that it is not there. */
final class UpstreamException extends RuntimeException {
    /** What kept it. */
    enum Failure {
        /** Nobody answered, or with a failure of its own. */
        UNREACHABLE(502),
        /** It takes too long. */
        SLOW(504),
        /** It asks to be left alone for a while. */
        BUSY(429),
        /** It does not take the mirror's token. */
        REFUSED(502),
        /** It answered something that no hub answers. */
        BROKEN(502),
        /** It no longer has what it had. */
        GONE(410),
        /**
         * It is not asked, because an administrator said so. Failed Dependency (RFC 4918, section 11.4): clients ask again after a 408,
         * 429, 500, 502, 503 or 504, which does not help before the order is taken back; 401, 403 and 404 would speak of the caller's
         * rights or of what there is, and caches may keep a 410 or 501.
         */
        OFFLINE(424);

        private final int status;

        Failure(int status) {
            this.status = status;
        }
    }

    private final Failure failure;
    private final Optional<Duration> retryAfter;

    UpstreamException(Failure failure, String sentence) {
        this(failure, sentence, Optional.empty(), null);
    }

    UpstreamException(Failure failure, String sentence, Throwable cause) {
        this(failure, sentence, Optional.empty(), cause);
    }

    UpstreamException(Failure failure, String sentence, Optional<Duration> retryAfter, @Nullable Throwable cause) {
        super(sentence, cause);
        this.failure = failure;
        this.retryAfter = retryAfter;
    }

    static UpstreamException busy(String hub, Duration wait) {
        return new UpstreamException(
                Failure.BUSY,
                hub + " asks this mirror to wait " + wait.toSeconds() + " s before it asks again",
                Optional.of(wait),
                null);
    }

    Failure failure() {
        return failure;
    }

    String sentence() {
        return String.valueOf(getMessage());
    }

    /** As clients are told where nothing older is here. */
    HubProblem problem() {
        return retryAfter.isPresent()
                ? HubProblem.tooManyRequests(sentence(), retryAfter.get())
                : HubProblem.of(failure.status, sentence());
    }
}
