package org.ccrelayer.internal.store.embedded;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ccrelayer.error.RelayException;
import org.h2.mvstore.MVMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Texts by name, each for a time: read and changed in memory, and written to one map of the file every few seconds while they
 * change. An orderly end loses none; a crash takes back what changed since they were written. Safe for concurrent use, and
 * does not wait for a disk, except where noted.
 */
final class TimedTexts {
    /** How long changes stay out of the file. */
    static final Duration BEAT = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(TimedTexts.class);
    private static final Duration SWEEP = Duration.ofMinutes(10);

    private final String map;
    private final TimedBook book;
    private final StoreFile file;
    private final StoreThread thread;
    private final InstantSource clock;
    private final Duration beat;
    private final AtomicBoolean beating = new AtomicBoolean();

    // Touched by the store's thread alone.
    private Instant swept = Instant.MIN;

    /**
     * Texts of which nothing was read yet.
     *
     * @param map the name of their map in the file
     * @param most how many are kept
     * @param beat how long changes stay out of the file
     */
    TimedTexts(String map, int most, StoreFile file, StoreThread thread, InstantSource clock, Duration beat) {
        this.map = map;
        this.book = new TimedBook(most, clock);
        this.file = file;
        this.thread = thread;
        this.clock = clock;
        this.beat = beat;
    }

    /** Reads what the file kept; on the store's thread. */
    void load() {
        Map<String, TimedBook.Kept> saved = new HashMap<>();
        file.use(maps -> {
            MVMap<String, byte[]> rows = maps.ofBytes(map);
            rows.keyIterator(null).forEachRemaining(name -> saved.put(name, read(rows.get(name))));
            return true;
        });
        book.restore(saved);
        saveSoon();
    }

    Optional<String> text(String name) {
        return book.text(name);
    }

    void keep(String name, String text, Duration ttl) {
        book.keep(name, text, ttl);
        saveSoon();
    }

    void keep(String name, String text, Duration ttl, Duration slack) {
        book.keep(name, text, ttl, slack);
        saveSoon();
    }

    Optional<String> bind(String name, String text, Duration ttl) {
        Optional<String> before = book.bind(name, text, ttl);
        saveSoon();
        return before;
    }

    boolean renew(String name, Duration ttl) {
        boolean renewed = book.renew(name, ttl);
        saveSoon();
        return renewed;
    }

    boolean forget(String name) {
        boolean kept = book.forget(name);
        saveSoon();
        return kept;
    }

    void forgetAll(String beginning) {
        book.forgetAll(beginning);
        saveSoon();
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
            LOG.debug("{} are not on disk yet.", map, e);
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
        Map<String, Optional<TimedBook.Kept>> changes = book.changes();
        boolean written = false;
        try {
            file.use(maps -> {
                MVMap<String, byte[]> rows = maps.ofBytes(map);
                changes.forEach((name, kept) -> write(rows, name, kept));
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

    private static void write(MVMap<String, byte[]> rows, String name, Optional<TimedBook.Kept> kept) {
        if (kept.isPresent()) {
            TimedBook.Kept found = kept.get();
            rows.put(
                    name,
                    new RecordWriter().text(found.text()).moment(found.until()).toBytes());
        } else {
            rows.remove(name);
        }
    }

    private static TimedBook.Kept read(byte[] bytes) {
        RecordReader reader = new RecordReader(bytes);
        return new TimedBook.Kept(reader.text(), reader.moment());
    }

    /** As the last thing that is done here: writes what is left. */
    void writeLast() {
        book.dropOver();
        if (book.changed()) {
            save();
        }
    }
}
