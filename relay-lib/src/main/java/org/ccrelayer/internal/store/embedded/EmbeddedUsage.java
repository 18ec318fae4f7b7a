package org.ccrelayer.internal.store.embedded;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.usage.UsagePeriod;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageStore;
import org.ccrelayer.usage.UsageSubject;
import org.ccrelayer.usage.UsageTotals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger of an embedded store. Changes are made in the book, which appends them to the journal; the store's thread makes
 * the journal durable every second and brings the file up to date every few. The file is written in one commit with the
 * place in the journal that it includes, so replaying the journal counts nothing twice. Safe for concurrent use.
 */
final class EmbeddedUsage implements UsageStore {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedUsage.class);
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final int BEATS_PER_CHECKPOINT = 5;
    private static final int MOST_ROWS_PER_CHECKPOINT = 5_000;
    private static final long SEGMENT_BYTES = 4L * 1024 * 1024;
    private static final Duration PRUNE_HOURS = Duration.ofHours(1);

    private final Book book;
    private final Journal journal;
    private final StoreFile file;
    private final StoreThread thread;
    private final InstantSource clock;
    private final ZoneOffset zone;
    private final AtomicBoolean beating = new AtomicBoolean();

    // Below: touched by the store's thread alone.
    private int beats;
    private LedgerFile.Sweep sweep = LedgerFile.Sweep.START;
    private Instant hoursPruned = Instant.MIN;

    EmbeddedUsage(
            Book book, Journal journal, StoreFile file, StoreThread thread, InstantSource clock, ZoneOffset zone) {
        this.book = book;
        this.journal = journal;
        this.file = file;
        this.thread = thread;
        this.clock = clock;
        this.zone = zone;
    }

    /** Reads the file and the journal behind it, and books what the last process left open; on the store's thread. */
    void load() {
        Journal.Position from = file.use(maps -> new LedgerFile(maps, zone).load(book));
        try {
            journal.replay(from, book::replay);
            journal.roll();
        } catch (IOException e) {
            throw new IllegalStateException("The ledger's journal beside " + file.name() + " cannot be used: " + e, e);
        }
        book.settleAllLost();
        checkpoint();
    }

    @Override
    public void open(UsageRecord row) {
        try {
            book.open(row);
        } finally {
            // Also where it failed: the beat goes on in another file.
            beatSoon();
        }
    }

    @Override
    public void streaming(String attemptId) {
        book.streaming(attemptId);
    }

    @Override
    public boolean settle(UsageRecord row) {
        boolean booked = book.settle(row);
        beatSoon();
        return booked;
    }

    @Override
    public void flush() {
        thread.call(() -> {
            checkpoint();
            return true;
        });
    }

    @Override
    public Optional<UsageRecord> find(String attemptId) {
        return book.find(attemptId).or(() -> read(ledger -> ledger.find(attemptId)));
    }

    @Override
    public List<UsageRecord> ofExchange(String exchangeId) {
        List<UsageRecord> found = new ArrayList<>(read(ledger -> ledger.ofExchange(exchangeId)));
        book.open().stream()
                .filter(row -> row.exchangeId().equals(exchangeId))
                .filter(row -> found.stream().noneMatch(settled -> settled.id().equals(row.id())))
                .forEach(found::add);
        found.sort(Comparator.comparing(UsageRecord::startedAt).thenComparing(UsageRecord::id));
        return List.copyOf(found);
    }

    @Override
    public UsageTotals totals(UsageSubject subject) {
        return read(ledger -> ledger.totals(subject));
    }

    @Override
    public SortedMap<String, UsageTotals> history(UsageSubject subject, UsagePeriod period) {
        return read(ledger -> ledger.history(subject, period));
    }

    @Override
    public Map<String, UsageTotals> modelsOfKey(String keyId) {
        return read(ledger -> ledger.modelsOfKey(keyId));
    }

    /** Answers from the file, after everything settled before was written to it. */
    private <T> T read(Function<LedgerFile, T> question) {
        return thread.call(() -> {
            if (book.waiting()) {
                checkpoint();
            }
            return file.use(maps -> question.apply(new LedgerFile(maps, zone)));
        });
    }

    private void beatSoon() {
        if (beating.compareAndSet(false, true) && !thread.later(BEAT, this::beat)) {
            LOG.debug("The store is closed.");
        }
    }

    /** Once a second while there is something to do; waking a thread for each row would cost more than the row. */
    private void beat() {
        beating.set(false);
        try {
            syncOrGiveUp();
            beats++;
            if (beats >= BEATS_PER_CHECKPOINT || book.unsaved() >= MOST_ROWS_PER_CHECKPOINT || !book.journaling()) {
                checkpoint();
            }
        } catch (RelayException e) {
            LOG.debug("The ledger is not on disk yet.", e);
        } finally {
            if (book.waiting() || !book.journaling()) {
                beatSoon();
            }
        }
    }

    /** What a file did not take once it may have lost for good, whatever it says later: the ledger goes on in another. */
    private void syncOrGiveUp() {
        try {
            journal.sync();
        } catch (IOException e) {
            book.journalFailed(e);
        }
    }

    /** How many settled rows the file lacks. */
    int unsaved() {
        return book.unsaved();
    }

    /** Writes everything settled before to the file; on the store's thread. */
    private void checkpoint() {
        beats = 0;
        Book.Batch batch = book.batch();
        boolean written = false;
        try {
            file.use(maps -> {
                LedgerFile ledger = new LedgerFile(maps, zone);
                ledger.write(batch);
                prune(ledger, batch.settled().size());
                return true;
            });
            file.commit();
            written = true;
        } finally {
            if (written) {
                book.saved();
            } else {
                book.notSaved(batch);
                beatSoon();
            }
        }
        tidy(batch.position());
    }

    private void prune(LedgerFile ledger, int rowsAdded) {
        Instant now = clock.instant();
        sweep = ledger.prune(sweep, rowsAdded, now);
        if (hoursPruned.isBefore(now.minus(PRUNE_HOURS))) {
            hoursPruned = now;
            ledger.pruneHours(now);
            book.forgetHoursBefore(now);
        }
    }

    private void tidy(Journal.Position included) {
        try {
            if (!book.journaling() || included.offset() > SEGMENT_BYTES) {
                book.roll();
            }
            journal.forget(included);
        } catch (IOException e) {
            book.journalFailed(e);
        }
    }

    /** As the last thing that is done here: writes what is left; rows that come later are refused. */
    void writeLast() {
        book.close();
        try {
            checkpoint();
        } finally {
            journal.close();
        }
    }
}
