package org.ccrelayer.internal.store.redis;

import java.time.Instant;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.Secret;

/** What becomes of one of the predecessor's API-key accounts. */
public enum AccountVerdict {
    /** It serves. */
    USABLE("usable"),
    /** It serves again later. */
    RESTING("rests for a time"),
    /** It was taken out. */
    DISABLED("taken out"),
    /** Its subscription is over. */
    ENDED("its subscription has ended"),
    /** Nobody can read when its subscription is over. */
    END_UNREADABLE("is not used, its subscriptionExpiresAt cannot be read; set it anew"),
    /** Its key was sealed with another encryption key, or not at all. */
    UNDECRYPTABLE("its key cannot be decrypted; see encryption-key and undecryptable-as-literal"),
    /** Its address or its proxy is none that the relay uses. */
    REFUSED("its apiUrl or its proxy may not be used");

    private final String words;

    AccountVerdict(String words) {
        this.words = words;
    }

    /** Whether the predecessor may use it, and the relay does not. */
    public boolean lost() {
        return this == UNDECRYPTABLE || this == REFUSED || this == END_UNREADABLE;
    }

    /** The verdict in words for people. */
    public String words() {
        return words;
    }

    static AccountVerdict of(PredecessorAccount record, RedisAccounts.Terms terms, Instant now) {
        AccountVerdict verdict = of(record.account(terms), record.key(terms.predecessors()), now);
        return verdict == ENDED && record.endsUnreadably() ? END_UNREADABLE : verdict;
    }

    private static AccountVerdict of(Account account, Secret key, Instant now) {
        if (key.isEmpty()) {
            return UNDECRYPTABLE;
        }
        if (!account.hasReadableCredential()) {
            return REFUSED;
        }
        if (!account.schedulable()) {
            return DISABLED;
        }
        if (account.terms().endedAt(now)) {
            return ENDED;
        }
        return account.terms().restsAt(now) ? RESTING : USABLE;
    }
}
