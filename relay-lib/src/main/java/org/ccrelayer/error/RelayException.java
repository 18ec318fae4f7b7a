package org.ccrelayer.error;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The end of an exchange by something other than an answer: an outcome and a message that is safe to show. The message
 * goes to the client, the cause only to the log. Immutable.
 */
public final class RelayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Outcome outcome;
    private final @Nullable Duration retryAfter;
    private final String code;

    /** An ending told in the outcome's own words. */
    public RelayException(Outcome outcome) {
        this(outcome, outcome.message(), null, null, "");
    }

    /** An ending told in {@code safeMessage}, which must hold no secret and no prompt text. */
    public RelayException(Outcome outcome, String safeMessage) {
        this(outcome, safeMessage, null, null, "");
    }

    /** An ending with a cause for the log. */
    public RelayException(Outcome outcome, String safeMessage, @Nullable Throwable cause) {
        this(outcome, safeMessage, cause, null, "");
    }

    private RelayException(
            Outcome outcome,
            String safeMessage,
            @Nullable Throwable cause,
            @Nullable Duration retryAfter,
            String code) {
        super(requireNonNull(safeMessage, "safeMessage"), cause);
        this.outcome = requireNonNull(outcome, "outcome");
        this.retryAfter = retryAfter;
        this.code = requireNonNull(code, "code");
    }

    /** The same ending that also says when trying again makes sense; told in whole seconds, rounded up. */
    public RelayException retryAfter(Duration wait) {
        return new RelayException(outcome, safeMessage(), getCause(), requireNonNull(wait, "wait"), code);
    }

    /** The same ending with the Claude API's error code for it, by which clients tell what to do; empty means none. */
    public RelayException code(String errorCode) {
        return new RelayException(outcome, safeMessage(), getCause(), retryAfter, errorCode);
    }

    /** How the exchange ends. */
    public Outcome outcome() {
        return outcome;
    }

    /** What the client may read. */
    public String safeMessage() {
        return requireNonNull(getMessage());
    }

    /** The Claude API's error code, such as {@code thread_not_found}; empty where there is none. */
    public String code() {
        return code;
    }

    /** When trying again makes sense, if that is known. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
