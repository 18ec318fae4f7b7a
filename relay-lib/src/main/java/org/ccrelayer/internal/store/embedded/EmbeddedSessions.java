package org.ccrelayer.internal.store.embedded;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.session.SessionStore;
import org.h2.mvstore.MVMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of an embedded store: read and changed in memory, and written to the file every few seconds while they
 * change. An orderly end loses none; a crash takes back what changed since they were written. Safe for concurrent use.
 */
final class EmbeddedSessions implements SessionStore {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedSessions.class);
    private static final String MAP = "sessions";
    private static final char BETWEEN = '\u0000';
    private static final Duration BEAT = Duration.ofSeconds(5);
    private static final Duration SWEEP = Duration.ofMinutes(10);
    private static final int MOST = 1_000_000;
    private static final int FEWEST = 10_000;

    /** A session takes about 200 bytes, so that this leaves nine tenths of the heap to others. */
    private static final int HEAP_BYTES_PER_SESSION = 2_048;

    private final SessionBook book;
    private final StoreFile file;
    private final StoreThread thread;
    private final InstantSource clock;
    private final Duration beat;
    private final AtomicBoolean beating = new AtomicBoolean();

    // Touched by the store's thread alone.
    private Instant swept = Instant.MIN;

    EmbeddedSessions(StoreFile file, StoreThread thread, InstantSource clock) {
        this(file, thread, clock, most(Runtime.getRuntime().maxMemory()), BEAT);
    }

    /**
     * Sessions of which nothing was read yet.
     *
     * @param most how many are kept
     * @param beat how long changes stay out of the file
     */
    EmbeddedSessions(StoreFile file, StoreThread thread, InstantSource clock, int most, Duration beat) {
        this.book = new SessionBook(most, clock);
        this.file = file;
        this.thread = thread;
        this.clock = clock;
        this.beat = beat;
    }

    /** How many sessions are kept with a heap of so many bytes. */
    static int most(long heapBytes) {
        return (int) Math.max(FEWEST, Math.min(MOST, heapBytes / HEAP_BYTES_PER_SESSION));
    }

    /** Reads what the file kept; on the store's thread. */
    void load() {
        Map<String, SessionBook.Kept> saved = new HashMap<>();
        file.use(maps -> {
            MVMap<String, byte[]> map = maps.ofBytes(MAP);
            map.keyIterator(null).forEachRemaining(name -> saved.put(name, read(map.get(name))));
            return true;
        });
        book.restore(saved);
        saveSoon();
    }

    @Override
    public Optional<String> account(String keyId, String session) {
        return book.account(name(keyId, session));
    }

    @Override
    public void keep(String keyId, String session, String accountId, Duration ttl) {
        book.keep(name(keyId, session), requireText("accountId", accountId), requireTime(ttl));
        saveSoon();
    }

    @Override
    public Optional<String> bind(String keyId, String session, String accountId, Duration ttl) {
        Optional<String> before =
                book.bind(name(keyId, session), requireText("accountId", accountId), requireTime(ttl));
        saveSoon();
        return before;
    }

    @Override
    public boolean renew(String keyId, String session, Duration ttl) {
        boolean renewed = book.renew(name(keyId, session), requireTime(ttl));
        saveSoon();
        return renewed;
    }

    @Override
    public void forget(String keyId, String session) {
        book.forget(name(keyId, session));
        saveSoon();
    }

    private static String name(String keyId, String session) {
        return requireText("keyId", keyId) + BETWEEN + requireText("session", session);
    }

    private static String requireText(String what, String text) {
        boolean fits = !text.isEmpty() && text.length() <= MAX_LENGTH;
        if (!fits || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    what + ": must be 1 to " + MAX_LENGTH + " characters without control characters");
        }
        return text;
    }

    private static Duration requireTime(Duration ttl) {
        if (ttl.isNegative() || ttl.isZero()) {
            throw new IllegalArgumentException("ttl: must be longer than zero");
        }
        return ttl;
    }

    private void saveSoon() {
        if (book.changed() && beating.compareAndSet(false, true) && !thread.later(beat, this::beat)) {
            LOG.debug("The store is closed.");
        }
    }

    private void beat() {
        beating.set(false);
        try {
            sweep();
            save();
        } catch (RelayException e) {
            LOG.debug("Sessions are not on disk yet.", e);
        }
        saveSoon();
    }

    private void sweep() {
        Instant now = clock.instant();
        if (swept.isBefore(now.minus(SWEEP))) {
            swept = now;
            book.dropOver();
        }
    }

    /** Writes what changed to the file; on the store's thread. */
    private void save() {
        Map<String, Optional<SessionBook.Kept>> changes = book.changes();
        boolean written = false;
        try {
            file.use(maps -> {
                MVMap<String, byte[]> map = maps.ofBytes(MAP);
                changes.forEach((name, kept) -> write(map, name, kept));
                return true;
            });
            file.commit();
            written = true;
        } finally {
            if (!written) {
                book.notSaved(changes);
            }
        }
    }

    private static void write(MVMap<String, byte[]> map, String name, Optional<SessionBook.Kept> kept) {
        if (kept.isPresent()) {
            SessionBook.Kept session = kept.get();
            map.put(
                    name,
                    new RecordWriter()
                            .text(session.accountId())
                            .moment(session.until())
                            .toBytes());
        } else {
            map.remove(name);
        }
    }

    private static SessionBook.Kept read(byte[] bytes) {
        RecordReader reader = new RecordReader(bytes);
        return new SessionBook.Kept(reader.text(), reader.moment());
    }

    /** As the last thing that is done here: writes what is left. */
    void writeLast() {
        book.dropOver();
        if (book.changed()) {
            save();
        }
    }
}
