package org.ccrelayer.internal.store.embedded;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageStore;
import org.ccrelayer.usage.UsageTotals;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of an embedded store. Rows wait in memory for the store's thread, which writes them and commits within a
 * tenth of a second. A row, its place in its exchange and both sums become durable in one commit, so the sums always equal
 * the rows. Reading goes through the same thread and so sees every row recorded before. Safe for concurrent use.
 *
 * <p>While the file cannot be written, rows are kept and tried again every second; {@link #record} throws a {@link
 * RelayException} once 50,000 rows are waiting.
 */
final class EmbeddedUsage implements UsageStore {
    static final int MOST_WAITING = 50_000;
    private static final int ROWS_PER_COMMIT = 1_000;
    private static final Duration COMMIT_DELAY = Duration.ofMillis(800);
    private static final Duration RETRY_DELAY = Duration.ofSeconds(1);

    /** Stands between exchange and attempt in the index; sorts before every character of an id. */
    private static final char END_OF_EXCHANGE = '\u0000';

    private final StoreFile file;
    private final StoreThread thread;
    private final BlockingQueue<UsageRecord> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private final AtomicBoolean announced = new AtomicBoolean();

    // Below: touched by the store's thread alone.
    private final List<UsageRecord> uncommitted = new ArrayList<>();
    private int generation;

    EmbeddedUsage(StoreFile file, StoreThread thread) {
        this.file = file;
        this.thread = thread;
        this.generation = file.generation();
    }

    @Override
    public void record(UsageRecord row) {
        if (!waiting.offer(row)) {
            throw new RelayException(Outcome.STORE_UNAVAILABLE, "The relay's ledger takes no more rows.");
        }
        if (announced.compareAndSet(false, true) && !thread.later(COMMIT_DELAY, this::writeSoon)) {
            throw new RelayException(Outcome.STORE_UNAVAILABLE, "The relay's store is closed.");
        }
    }

    @Override
    public void flush() {
        thread.call(() -> {
            writeAll();
            return true;
        });
    }

    @Override
    public Optional<UsageRecord> find(String attemptId) {
        return read(ledger -> Optional.ofNullable(ledger.rows().get(attemptId)).map(UsageFormat::row));
    }

    @Override
    public List<UsageRecord> ofExchange(String exchangeId) {
        return read(ledger -> ledger.ofExchange(exchangeId));
    }

    @Override
    public UsageTotals totalsOfKey(String keyId) {
        return read(ledger -> ledger.totals(Ledger.KEY + keyId));
    }

    @Override
    public UsageTotals totals() {
        return read(ledger -> ledger.totals(Ledger.ALL));
    }

    private <T> T read(Function<Ledger, T> question) {
        return thread.call(() -> {
            writeWaiting();
            return file.use(maps -> question.apply(Ledger.in(maps)));
        });
    }

    /** How many rows would be lost if the process ended now; on the store's thread. */
    int unsaved() {
        return uncommitted.size() + waiting.size();
    }

    /** Writes and commits every row recorded before; on the store's thread. */
    void writeAll() {
        writeWaiting();
        commit();
    }

    /** As {@link #writeAll}, as the last thing that is done here; rows that come later are refused. */
    void writeLast() {
        try {
            writeAll();
        } finally {
            announced.set(false);
        }
    }

    /**
     * All rows of a while in one go: each batch reads and writes the sums once, and waking a thread costs more than a row.
     */
    private void writeSoon() {
        try {
            if (unsaved() > 0) {
                writeAll();
            }
        } catch (RelayException e) {
            // The failure was told by the file. The rows are kept, and new ones are not announced before the next try.
            thread.later(RETRY_DELAY, this::writeSoon);
            return;
        }
        announced.set(false);
        if (!waiting.isEmpty() && announced.compareAndSet(false, true)) {
            thread.later(COMMIT_DELAY, this::writeSoon);
        }
    }

    private void writeWaiting() {
        writeAgainWhatWasLost();
        int written = uncommitted.size();
        while (waiting.drainTo(uncommitted, ROWS_PER_COMMIT - written) > 0) {
            write(uncommitted.subList(written, uncommitted.size()));
            if (uncommitted.size() >= ROWS_PER_COMMIT) {
                commit();
            }
            written = uncommitted.size();
        }
    }

    private void writeAgainWhatWasLost() {
        file.use(maps -> true);
        if (generation != file.generation()) {
            write(uncommitted);
            generation = file.generation();
        }
    }

    /** Rows, index and sums in one go: nothing else runs on this thread, so no commit comes between them. */
    private void write(List<UsageRecord> rows) {
        file.use(maps -> {
            Ledger.in(maps).add(rows);
            return true;
        });
    }

    private void commit() {
        writeAgainWhatWasLost();
        file.commit();
        uncommitted.clear();
    }

    /** The ledger's maps: rows by id, the index from exchanges to rows, and the sums. */
    private record Ledger(MVMap<String, String> rows, MVMap<String, String> exchanges, MVMap<String, String> sums) {
        static final String ALL = "all";
        static final String KEY = "key/";

        static Ledger in(StoreFile.Maps maps) {
            return new Ledger(maps.of("usage"), maps.of("usageOfExchange"), maps.of("usageTotals"));
        }

        void add(List<UsageRecord> added) {
            Map<String, UsageTotals> changed = new HashMap<>();
            for (UsageRecord row : added) {
                if (rows.putIfAbsent(row.id(), UsageFormat.row(row)) == null) {
                    exchanges.put(row.exchangeId() + END_OF_EXCHANGE + row.id(), "");
                    changed.put(ALL, changed.computeIfAbsent(ALL, this::totals).plus(row));
                    String key = KEY + row.keyId();
                    changed.put(key, changed.computeIfAbsent(key, this::totals).plus(row));
                }
            }
            changed.forEach((of, totals) -> sums.put(of, UsageFormat.totals(totals)));
        }

        UsageTotals totals(String of) {
            String text = sums.get(of);
            return text == null ? UsageTotals.NONE : UsageFormat.totals(text);
        }

        List<UsageRecord> ofExchange(String exchangeId) {
            String prefix = exchangeId + END_OF_EXCHANGE;
            List<UsageRecord> found = new ArrayList<>();
            for (Iterator<String> keys = exchanges.keyIterator(prefix); keys.hasNext(); ) {
                String key = keys.next();
                if (!key.startsWith(prefix)) {
                    break;
                }
                addRow(found, rows.get(key.substring(prefix.length())));
            }
            found.sort(Comparator.comparing(UsageRecord::startedAt).thenComparing(UsageRecord::id));
            return List.copyOf(found);
        }

        private static void addRow(List<UsageRecord> found, @Nullable String text) {
            if (text != null) {
                found.add(UsageFormat.row(text));
            }
        }
    }
}
