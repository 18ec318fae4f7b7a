package org.ccrelayer.internal.credential;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.ccrelayer.account.StoredToken;
import org.jspecify.annotations.Nullable;

/** An account has no token that a request could carry. Immutable; holds no secret. */
public final class NoTokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final @Nullable Instant againAt;

    NoTokenException(String problem, @Nullable Instant againAt) {
        super(requireNonNull(problem, "problem"), null, false, false);
        this.againAt = againAt;
    }

    static NoTokenException of(StoredToken.Failure failure) {
        return new NoTokenException(failure.problem(), failure.againAt());
    }

    /** Why, for the operator. */
    public String problem() {
        return requireNonNull(getMessage());
    }

    /** From when on one may be obtained; null where only an operator can help. */
    public @Nullable Instant againAt() {
        return againAt;
    }
}
