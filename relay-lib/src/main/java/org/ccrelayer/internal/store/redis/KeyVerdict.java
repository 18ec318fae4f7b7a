package org.ccrelayer.internal.store.redis;

import java.time.Instant;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.KeyAccess;

/** What becomes of a request with one of the predecessor's relay keys. */
public enum KeyVerdict {
    /** It is let in. */
    ACTIVE("usable"),
    /** It is let in, and its life begins then. */
    NOT_ACTIVATED("usable, its life begins with its first use"),
    /** It is switched off. */
    DISABLED("disabled"),
    /** It is deleted, and only its record is left. */
    DELETED("deleted"),
    /** Its time is over. */
    EXPIRED("expired"),
    /** Nobody can read when its time is over. */
    END_UNREADABLE("refused, its expiresAt cannot be read; set it anew"),
    /** It says what it is for in a form that nobody can read. */
    UNREADABLE("refused, its permissions or allowedClients cannot be read; set them anew"),
    /** It is for other services. */
    NOT_FOR_CLAUDE("refused, not permitted to use Claude"),
    /** It is for certain programs, which the relay does not tell apart. */
    CLIENTS_RESTRICTED("refused, limited to certain programs; see legacy-client-restriction"),
    /** It is for certain programs, which are let in by what they say of themselves. */
    CLIENTS_BY_USER_AGENT("usable by certain programs, as they name themselves");

    private final String words;

    KeyVerdict(String words) {
        this.words = words;
    }

    /** The verdict in words for people. */
    public String words() {
        return words;
    }

    /** Whether the predecessor lets requests in, and the relay does not. */
    public boolean lost() {
        return this == CLIENTS_RESTRICTED || this == UNREADABLE || this == END_UNREADABLE;
    }

    /** Whether requests are let in. */
    public boolean usable() {
        return this == ACTIVE || this == NOT_ACTIVATED || this == CLIENTS_BY_USER_AGENT;
    }

    static KeyVerdict of(PredecessorKey record, Instant now, boolean byUserAgent) {
        ApiKey key = record.key();
        if (record.deleted()) {
            return DELETED;
        }
        if (!key.enabled()) {
            return DISABLED;
        }
        if (!key.usableAt(now)) {
            return record.endsUnreadably() ? END_UNREADABLE : EXPIRED;
        }
        if (record.unreadableAccess()) {
            return UNREADABLE;
        }
        if (!key.access().permits(KeyAccess.CLAUDE)) {
            return NOT_FOR_CLAUDE;
        }
        if (key.access().restrictsClients()) {
            return byUserAgent ? CLIENTS_BY_USER_AGENT : CLIENTS_RESTRICTED;
        }
        return key.activation().pending() ? NOT_ACTIVATED : ACTIVE;
    }
}
