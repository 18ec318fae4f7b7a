package org.ccrelayer.internal.store.embedded;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.ccrelayer.session.SessionStore;

/** The sessions of an embedded store, kept as {@link TimedTexts}. Safe for concurrent use. */
final class EmbeddedSessions implements SessionStore {
    private static final String MAP = "sessions";
    private static final int MOST = 1_000_000;
    private static final int FEWEST = 10_000;

    /** A session takes about 200 bytes, so that this leaves nine tenths of the heap to others. */
    private static final int HEAP_BYTES_PER_SESSION = 2_048;

    private final TimedTexts accounts;

    EmbeddedSessions(StoreFile file, StoreThread thread, InstantSource clock) {
        this(file, thread, clock, most(Runtime.getRuntime().maxMemory()), TimedTexts.BEAT);
    }

    /**
     * Sessions of which nothing was read yet.
     *
     * @param most how many are kept
     * @param beat how long changes stay out of the file
     */
    EmbeddedSessions(StoreFile file, StoreThread thread, InstantSource clock, int most, Duration beat) {
        this.accounts = new TimedTexts(MAP, most, file, thread, clock, beat);
    }

    /** How many sessions are kept with a heap of so many bytes. */
    static int most(long heapBytes) {
        return (int) Math.max(FEWEST, Math.min(MOST, heapBytes / HEAP_BYTES_PER_SESSION));
    }

    /** Reads what the file kept; on the store's thread. */
    void load() {
        accounts.load();
    }

    @Override
    public Optional<String> account(String keyId, String session) {
        return accounts.text(name(keyId, session));
    }

    @Override
    public void keep(String keyId, String session, String accountId, Duration ttl) {
        accounts.keep(name(keyId, session), accountId(accountId), requireTime(ttl));
    }

    @Override
    public void keep(String keyId, String session, String accountId, Duration ttl, Duration slack) {
        if (slack.isNegative()) {
            throw new IllegalArgumentException("slack: must be zero or longer");
        }
        accounts.keep(name(keyId, session), accountId(accountId), requireTime(ttl), slack);
    }

    @Override
    public Optional<String> bind(String keyId, String session, String accountId, Duration ttl) {
        return accounts.bind(name(keyId, session), accountId(accountId), requireTime(ttl));
    }

    @Override
    public boolean renew(String keyId, String session, Duration ttl) {
        return accounts.renew(name(keyId, session), requireTime(ttl));
    }

    @Override
    public void forget(String keyId, String session) {
        accounts.forget(name(keyId, session));
    }

    private static String name(String keyId, String session) {
        return StoreNames.joined(
                StoreNames.required("keyId", keyId, MAX_LENGTH), StoreNames.required("session", session, MAX_LENGTH));
    }

    private static String accountId(String accountId) {
        return StoreNames.required("accountId", accountId, MAX_LENGTH);
    }

    private static Duration requireTime(Duration ttl) {
        if (ttl.isNegative() || ttl.isZero()) {
            throw new IllegalArgumentException("ttl: must be longer than zero");
        }
        return ttl;
    }

    /** As the last thing that is done here: writes what is left. */
    void writeLast() {
        accounts.writeLast();
    }
}
