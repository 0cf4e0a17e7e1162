package io.orrery.hub;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A hub that refused, failed or could not be reached, or bytes from it that are not what it promised. */
public final class HubException extends RuntimeException {
    /** No answer came. */
    public static final String UNREACHABLE = "Unreachable";
    /** Bytes whose hash or size is not the promised one. */
    public static final String CORRUPT = "Corrupt";
    /** A transfer that did not get through, however often it was tried. */
    public static final String BROKEN_OFF = "BrokenOff";
    /** The files on this side could not be read or written. */
    public static final String LOCAL = "Local";

    private final int status;
    private final String code;
    private final String detail;
    private final @Nullable Duration retryAfter;

    public HubException(int status, String code, String message) {
        this(status, code, message, message, null);
    }

    HubException(int status, String code, String message, String detail, @Nullable Throwable cause) {
        this(status, code, message, detail, cause, Optional.empty());
    }

    HubException(
            int status,
            String code,
            String message,
            String detail,
            @Nullable Throwable cause,
            Optional<Duration> retryAfter) {
        super(message, cause);
        this.status = status;
        this.code = code;
        this.detail = detail;
        this.retryAfter = retryAfter.orElse(null);
    }

    /** The same failure in a sentence that says more. */
    HubException saying(String message) {
        return new HubException(status, code, message, detail, this, retryAfter());
    }

    static HubException local(String message, Throwable cause) {
        return new HubException(0, LOCAL, message, message, cause);
    }

    /** The HTTP status, or 0 where there was no answer. */
    public int status() {
        return status;
    }

    /** The hub's {@code X-Error-Code} such as {@code RepoNotFound}, one of the constants here, or an empty text. */
    public String code() {
        return code;
    }

    /** What the hub said, without the request that it said it to. */
    public String detail() {
        return detail;
    }

    /** How long the hub asks to stay away, where it does. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** Whether the same request may succeed later. */
    boolean isTransient() {
        return switch (status) {
            case 0 -> code.equals(UNREACHABLE);
            case 408, 429, 500, 502, 503, 504 -> true;
            default -> false;
        };
    }
}
