package org.ccrelayer.internal.store.embedded;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.limit.Claim;
import org.ccrelayer.limit.Decision;
import org.ccrelayer.limit.Lease;
import org.ccrelayer.limit.LimitStore;
import org.ccrelayer.limit.LimitUse;
import org.ccrelayer.usage.UsageRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limits and the ledger as they are now: every change is made under one lock, appended to the journal, and handed to the
 * file with the next {@link Batch}. Nothing here waits for a disk, except that an append may. Safe for concurrent use.
 */
final class Book implements LimitStore {
    /** How many rows may wait for a file that cannot be written. */
    static final int MOST_WAITING = 50_000;

    private static final Logger LOG = LoggerFactory.getLogger(Book.class);
    private static final int OPENED = 1;
    private static final int SETTLED = 2;
    private static final int KEPT = 3;

    private final ReentrantLock lock = new ReentrantLock();
    private final InstantSource clock;
    private final Journal journal;
    private final RecordWriter record = new RecordWriter();
    private final Map<String, UsageRecord> open = new LinkedHashMap<>();
    private final Map<String, KeyBook> keys = new HashMap<>();
    private final Set<String> touched = new HashSet<>();
    private List<UsageRecord> settled = new ArrayList<>();
    private int inBatch;
    private boolean closed;
    private boolean journalFailed;

    Book(InstantSource clock, Journal journal) {
        this.clock = clock;
        this.journal = journal;
    }

    @Override
    public Decision claim(Claim claim) {
        return locked(() -> keeping(claim.lease().keyId(), book -> book.claim(claim, clock.instant())));
    }

    @Override
    public boolean cover(Claim claim) {
        return locked(() -> book(claim.lease().keyId()).cover(claim));
    }

    @Override
    public boolean renew(Lease lease, Duration ttl, int concurrency) {
        return locked(() -> book(lease.keyId()).renew(lease.exchangeId(), ttl, concurrency, clock.instant()));
    }

    @Override
    public void release(Lease lease, boolean free) {
        locked(() -> keeping(lease.keyId(), book -> {
            book.release(lease.exchangeId(), free);
            return true;
        }));
    }

    /** Lets a key's book change, and keeps what does not follow from the rows, so that a window outlives the process. */
    private <T> T keeping(String keyId, Function<KeyBook, T> change) {
        KeyBook book = book(keyId);
        KeyBook.Kept before = book.kept();
        T result = change.apply(book);
        KeyBook.Kept after = book.kept();
        if (!after.equals(before)) {
            touched.add(keyId);
            appendIfPossible(after.write(Journal.begin(record).octet(KEPT).text(keyId)));
        }
        return result;
    }

    @Override
    public int reap() {
        return locked(() -> {
            Instant now = clock.instant();
            int reaped = 0;
            for (KeyBook book : keys.values()) {
                for (String exchangeId : book.lost(now)) {
                    book.held(exchangeId)
                            .map(Held::openRows)
                            .map(List::copyOf)
                            .orElse(List.of())
                            .forEach(id -> settleLost(id, now));
                    book.release(exchangeId, false);
                    reaped++;
                }
            }
            return reaped;
        });
    }

    private void settleLost(String attemptId, Instant now) {
        UsageRecord row = open.get(attemptId);
        if (row != null) {
            settle(row.lost(now));
        }
    }

    @Override
    public LimitUse use(String keyId, KeyLimits limits, ZoneOffset zone) {
        return locked(() -> book(keyId).use(limits, zone, clock.instant()));
    }

    /**
     * Opens a row.
     *
     * @throws RelayException if it cannot be kept
     */
    void open(UsageRecord row) {
        locked(() -> {
            if (closed || settled.size() + inBatch >= MOST_WAITING) {
                throw new RelayException(Outcome.STORE_UNAVAILABLE, "The relay's ledger takes no more rows.");
            }
            if (!open.containsKey(row.id())) {
                appendOpened(row);
                enter(row);
            }
            return true;
        });
    }

    private void enter(UsageRecord row) {
        open.put(row.id(), row);
        book(row.keyId()).opened(row, clock.instant());
    }

    void streaming(String attemptId) {
        locked(() -> {
            UsageRecord row = open.get(attemptId);
            if (row != null && row.state() == UsageRecord.State.RESERVED) {
                // Not in the journal: whoever finds the row after a crash cannot tell more of it than of a reserved
                // one.
                open.put(attemptId, row.in(UsageRecord.State.STREAMING));
            }
            return true;
        });
    }

    /** Books a row in a terminal state; false where no such row is open. */
    boolean settle(UsageRecord row) {
        return locked(() -> {
            if (open.remove(row.id()) == null) {
                return false;
            }
            // A row that the journal does not take is still handed to the file.
            appendSettled(row);
            booked(row);
            return true;
        });
    }

    private void appendSettled(UsageRecord row) {
        RecordWriter writer = Journal.begin(record).octet(SETTLED).text(row.id());
        UsageFormat.writeSettled(writer, row);
        appendIfPossible(writer);
    }

    /** What the journal does not take is in memory, and goes to the file with the next batch. */
    private void appendIfPossible(RecordWriter writer) {
        try {
            append(writer);
        } catch (RelayException e) {
            LOG.debug("A change of the ledger is kept in memory only, for now.", e);
        }
    }

    private void appendOpened(UsageRecord row) {
        RecordWriter writer = Journal.begin(record).octet(OPENED);
        UsageFormat.write(writer, row);
        append(writer);
    }

    private void append(RecordWriter writer) {
        try {
            journal.append(writer);
        } catch (IOException e) {
            journalFailed(e);
            throw new RelayException(Outcome.STORE_UNAVAILABLE, Outcome.STORE_UNAVAILABLE.message(), e);
        }
    }

    /** Gives the journal's file up; the store's thread goes on in another one. */
    void journalFailed(IOException cause) {
        locked(() -> {
            if (!journalFailed) {
                LOG.error("The ledger's journal cannot be written. Check disk space and permissions.", cause);
            }
            journalFailed = true;
            journal.broken();
            return true;
        });
    }

    /** Drops the hours of what keys spent that no day or week can ask for any more. */
    void forgetHoursBefore(Instant now) {
        locked(() -> {
            keys.values().forEach(key -> key.spending().forgetBefore(Spending.hour(now) - Spending.HOURS_KEPT));
            return true;
        });
    }

    /** Does again what a journal's record says. */
    void replay(RecordReader reader) {
        int kind = reader.octet();
        locked(() -> {
            switch (kind) {
                case OPENED -> enter(UsageFormat.row(reader));
                case SETTLED -> replaySettled(reader);
                case KEPT -> replayKept(reader.text(), KeyBook.Kept.read(reader));
                default ->
                    throw new IllegalStateException(
                            "The ledger's journal holds what this relay cannot read; use the relay that wrote it.");
            }
            return true;
        });
    }

    private void replaySettled(RecordReader reader) {
        UsageRecord opened = open.remove(reader.text());
        if (opened != null) {
            booked(UsageFormat.settled(opened, reader));
        }
    }

    private void replayKept(String keyId, KeyBook.Kept kept) {
        touched.add(keyId);
        book(keyId).restore(kept);
    }

    private void booked(UsageRecord row) {
        settled.add(row);
        touched.add(row.keyId());
        book(row.keyId()).book(row);
    }

    /** Books what was open when the last process ended: nobody can tell what became of it. */
    void settleAllLost() {
        locked(() -> {
            Instant now = clock.instant();
            List.copyOf(open.keySet()).forEach(id -> settleLost(id, now));
            return true;
        });
    }

    /** Puts back an open row that the file kept. */
    void restore(UsageRecord row) {
        locked(() -> {
            enter(row);
            return true;
        });
    }

    /** The book of a key; only while nobody else has the store. */
    KeyBook restoring(String keyId) {
        return locked(() -> book(keyId));
    }

    /** An open row. */
    Optional<UsageRecord> find(String attemptId) {
        return locked(() -> Optional.ofNullable(open.get(attemptId)));
    }

    /** The open rows. */
    List<UsageRecord> open() {
        return locked(() -> List.copyOf(open.values()));
    }

    /** Whether something waits for the file. */
    boolean waiting() {
        return locked(() -> !settled.isEmpty() || !touched.isEmpty());
    }

    /** Whether the journal takes records. */
    boolean journaling() {
        return locked(journal::open);
    }

    /** How many settled rows are not in the file. */
    int unsaved() {
        return locked(() -> settled.size() + inBatch);
    }

    /** What is to be written to the file; must be {@link #saved} or {@link #notSaved} before the next one. */
    Batch batch() {
        return locked(() -> {
            Map<String, KeyBook.Kept> states = new HashMap<>();
            touched.forEach(keyId -> states.put(keyId, book(keyId).kept()));
            touched.clear();
            List<UsageRecord> rows = settled;
            settled = new ArrayList<>();
            inBatch = rows.size();
            return new Batch(rows, new LinkedHashMap<>(open), states, journal.position());
        });
    }

    void saved() {
        locked(() -> inBatch = 0);
    }

    /** Takes a batch back that the file did not take. */
    void notSaved(Batch batch) {
        locked(() -> {
            List<UsageRecord> all = new ArrayList<>(batch.settled());
            all.addAll(settled);
            settled = all;
            inBatch = 0;
            return touched.addAll(batch.keys().keySet());
        });
    }

    /** Goes on in a new file of the journal where that failed, or grew. */
    void roll() throws IOException {
        lock.lock();
        try {
            journal.roll();
            if (journalFailed) {
                LOG.info("The ledger's journal is written again.");
            }
            journalFailed = false;
        } finally {
            lock.unlock();
        }
    }

    /** Takes no new rows from now on. */
    void close() {
        locked(() -> closed = true);
    }

    private KeyBook book(String keyId) {
        return keys.computeIfAbsent(keyId, none -> new KeyBook());
    }

    private <T extends @Nullable Object> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /**
     * What changed since the last batch. Immutable.
     *
     * @param settled rows that were settled
     * @param open every row that is open
     * @param keys the state of the keys that changed
     * @param position the place in the journal up to which it holds everything
     */
    record Batch(
            List<UsageRecord> settled,
            Map<String, UsageRecord> open,
            Map<String, KeyBook.Kept> keys,
            Journal.Position position) {}
}
