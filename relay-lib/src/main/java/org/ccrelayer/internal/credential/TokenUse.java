package org.ccrelayer.internal.credential;

import java.time.Duration;
import java.time.Instant;
import org.ccrelayer.account.StoredToken.Access;
import org.jspecify.annotations.Nullable;

/** What may be done with a token, by the time that is left of it. */
enum TokenUse {
    /** It is used. */
    USE,
    /** It is used while another one is obtained. */
    USE_AND_RENEW,
    /** Another one is waited for. */
    RENEW;

    private static final Duration PLENTY = Duration.ofSeconds(120);
    private static final Duration ENOUGH = Duration.ofSeconds(30);

    /** A short-lived token is not replaced as soon as it came. */
    private static final Duration NEW = Duration.ofSeconds(30);

    /** What may be done with a token at {@code now}; null stands for none. */
    static TokenUse of(@Nullable Access access, Instant now) {
        if (access == null) {
            return RENEW;
        }
        Duration left = Duration.between(now, access.expiresAt());
        if (left.compareTo(ENOUGH) < 0) {
            return RENEW;
        }
        boolean isNew = now.isBefore(access.obtainedAt().plus(NEW));
        return left.compareTo(PLENTY) > 0 || isNew ? USE : USE_AND_RENEW;
    }
}
