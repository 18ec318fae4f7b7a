package org.ccrelayer.internal.credential;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import org.ccrelayer.account.TokenStore;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lock of one account for one refresh, in a store that may not answer for a while: it is asked for again, and given back as soon as
 * the store takes it, since all relays would wait for it until it runs out. Used by one thread at a time.
 */
final class RefreshLock {
    private static final Logger LOG = LoggerFactory.getLogger(RefreshLock.class);

    /** Longer than a call may take. */
    private static final Duration TTL = Duration.ofSeconds(60);

    /** Between two questions. */
    static final Duration PAUSE = Duration.ofMillis(250);

    /** As many as until the lock runs out by itself. */
    static final int MOST_PAUSES = (int) TTL.dividedBy(PAUSE);

    /** A store that answers late, or starts anew, is waited for; longer than that another account serves better. */
    private static final int MOST_PAUSES_WITHOUT_STORE = 8;

    private final TokenRefresher.Parts parts;
    private final TokenStore tokens;
    private final String accountId;
    private final String owner = UUID.randomUUID().toString();
    private int pausesWithoutStore;

    RefreshLock(TokenRefresher.Parts parts, String accountId) {
        this.parts = parts;
        this.tokens = parts.tokens();
        this.accountId = accountId;
    }

    /** Who takes it; no other refresh has the same name. */
    String owner() {
        return owner;
    }

    /**
     * Whether it was taken; empty where the store is to be asked again after a pause.
     *
     * @throws RelayException {@code STORE_UNAVAILABLE} if it did not answer for longer than it is waited for
     */
    Optional<Boolean> take() {
        try {
            return Optional.of(tokens.lock(accountId, owner, TTL));
        } catch (RelayException e) {
            if (!isAway(e) || ++pausesWithoutStore > MOST_PAUSES_WITHOUT_STORE) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** Gives it back, now or later; also where nobody knows whether it was taken. */
    void giveBack() {
        giveBack(MOST_PAUSES);
    }

    private void giveBack(int pauses) {
        try {
            tokens.unlock(accountId, owner);
        } catch (RuntimeException e) {
            if (pauses > 0 && isAway(e)) {
                LOG.debug("account {}: its lock is given back when the store answers", accountId, e);
                parts.scheduler().schedule(() -> later(pauses - 1), PAUSE);
            } else {
                LOG.warn("account {}: its lock could not be given back", accountId, e);
            }
        }
    }

    private static boolean isAway(RuntimeException problem) {
        return problem instanceof RelayException told && told.outcome() == Outcome.STORE_UNAVAILABLE;
    }

    private void later(int pauses) {
        try {
            parts.executor().execute(() -> giveBack(pauses));
        } catch (RejectedExecutionException e) {
            LOG.debug("account {}: its lock runs out by itself", accountId, e);
        }
    }
}
