package org.ccrelayer.internal.store.redis;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.usage.UsageRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ledger rows that wait for Redis, each as it was written last. With a directory they survive the end of the process; rows that
 * were open then are lost, and wait as such. A file that cannot be written costs that alone. Safe for concurrent use.
 */
final class AwayJournal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AwayJournal.class);
    private static final int MOST_ROWS = 50_000;
    private static final long MOST_BYTES = 64L << 20;

    /** A file with so many records is written anew once most of them wait no longer. */
    private static final int REWRITTEN_FROM = 1_000;

    private static final int RECORDS_PER_ROW = 4;

    private final @Nullable AwayFile file;
    private final int most;
    private final Map<String, UsageRecord> rows = new LinkedHashMap<>();
    private long bytes;
    private int records;
    private boolean unsynced;
    private boolean failed;

    private AwayJournal(@Nullable AwayFile file, int most) {
        this.file = file;
        this.most = most;
    }

    /**
     * The journal of a directory, with what an earlier process left there; null keeps rows in memory alone.
     *
     * @throws IllegalStateException if another relay has it, or it cannot be used
     */
    static AwayJournal open(@Nullable Path directory, Instant now) {
        return open(directory, MOST_ROWS, now);
    }

    /** As {@link #open(Path, Instant)}, which is full with so many rows. */
    static AwayJournal open(@Nullable Path directory, int most, Instant now) {
        if (directory == null) {
            return new AwayJournal(null, most);
        }
        AwayFile file = AwayFile.in(directory);
        try {
            AwayJournal journal = new AwayJournal(file, most);
            journal.load(file, now);
            return journal;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw new IllegalStateException(
                    "data-dir (DATA_DIR): the journal for outages of Redis in " + directory + " cannot be read", e);
        }
    }

    private synchronized void load(AwayFile from, Instant now) throws IOException {
        for (String line : from.lines()) {
            JsonObject entry = JsonObject.parse(line);
            String id = entry.string("id").orElse("");
            UsageRecord row = RowText.row(id, entry.string("row").orElse(""));
            records++;
            rows.merge(id, row, (before, after) -> before.state().terminal() ? before : after);
        }
        long open =
                rows.values().stream().filter(row -> !row.state().terminal()).count();
        rows.replaceAll((id, row) -> row.state().terminal() ? row : row.lost(now));
        bytes = from.length();
        if (!rows.isEmpty()) {
            LOG.warn(
                    "{} ledger rows of an earlier run wait for Redis; of {} nobody knows what became.",
                    rows.size(),
                    open);
        }
    }

    /** A row that was opened, or settled, waits from now on; a settled one stays as it is. */
    synchronized void keep(UsageRecord row) {
        UsageRecord before = rows.get(row.id());
        if (before != null && before.state().terminal()) {
            return;
        }
        rows.put(row.id(), row);
        if (file != null) {
            write(file, row);
        }
    }

    private void write(AwayFile to, UsageRecord row) {
        try {
            to.append(line(row));
            records++;
            bytes = to.length();
            unsynced = true;
            failed = false;
        } catch (IOException e) {
            failed(e);
        }
    }

    private static String line(UsageRecord row) {
        return JsonObject.build()
                .with("id", row.id())
                .with("row", RowText.of(row))
                .end()
                .toString();
    }

    private void failed(IOException cause) {
        if (!failed) {
            LOG.error("The journal for outages of Redis cannot be written; check disk space and permissions.", cause);
        }
        failed = true;
    }

    /** Whether the row of that attempt waits. */
    synchronized boolean holds(String attemptId) {
        return rows.containsKey(attemptId);
    }

    /** The first rows that wait, without some. */
    synchronized List<UsageRecord> first(int number, Set<String> without) {
        return rows.values().stream()
                .filter(row -> !without.contains(row.id()))
                .limit(number)
                .toList();
    }

    /** Redis has that row; where it changed meanwhile it waits on. */
    synchronized void done(UsageRecord row) {
        if (rows.get(row.id()) == row) {
            rows.remove(row.id());
            if (file != null) {
                tidy(file);
            }
        }
    }

    /** A row that Redis never takes must not keep all others in the file. */
    private void tidy(AwayFile tidied) {
        if (rows.isEmpty()) {
            clear(tidied);
        } else if (records >= REWRITTEN_FROM && records / RECORDS_PER_ROW > rows.size()) {
            rewrite(tidied);
        }
    }

    private void rewrite(AwayFile rewritten) {
        try {
            rewritten.rewrite(rows.values().stream().map(AwayJournal::line).toList());
            bytes = rewritten.length();
            records = rows.size();
            unsynced = false;
        } catch (IOException e) {
            // The next try is as far away as this one was.
            records = 0;
            failed(e);
        }
    }

    private void clear(AwayFile emptied) {
        try {
            emptied.clear();
            bytes = 0;
            records = 0;
            unsynced = false;
        } catch (IOException e) {
            failed(e);
        }
    }

    /** How many rows wait. */
    synchronized int size() {
        return rows.size();
    }

    /** Whether nobody may be let in whose rows would have to wait here. */
    synchronized boolean full() {
        return rows.size() >= most || bytes >= MOST_BYTES;
    }

    /** Makes what waits survive the end of the machine. */
    synchronized void sync() {
        if (file != null && unsynced) {
            try {
                file.sync();
                unsynced = false;
            } catch (IOException e) {
                failed(e);
            }
        }
    }

    /** Rows that still wait do so in the file, or are lost where there is none. */
    @Override
    public synchronized void close() {
        if (file != null) {
            sync();
            file.close();
        } else if (!rows.isEmpty()) {
            LOG.error("{} ledger rows never reached Redis and are lost, since there is no data-dir.", rows.size());
        }
    }
}
