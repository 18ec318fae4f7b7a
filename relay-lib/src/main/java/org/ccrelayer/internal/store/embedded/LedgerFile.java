package org.ccrelayer.internal.store.embedded;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.ccrelayer.usage.UsagePeriod;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageSubject;
import org.ccrelayer.usage.UsageTotals;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/**
 * The ledger in the file: rows by id, sums by subject and period, what is open, what keys spent by hour, and the place in the
 * journal up to which all of that is complete. Valid as long as the maps are; used by the store's thread alone.
 */
final class LedgerFile {
    /** How long rows are kept after their exchange was let in. */
    static final Duration ROWS_KEPT = Duration.ofDays(90);

    private static final char END = '\u0000';
    private static final String POSITION = "position";
    private static final int FEWEST_ROWS_LOOKED_AT = 200;
    private static final int SUMS_LOOKED_AT = 1_000;

    private final MVMap<byte[], byte[]> rows;
    private final MVMap<String, byte[]> open;
    private final MVMap<String, byte[]> sums;
    private final MVMap<String, byte[]> hours;
    private final MVMap<String, byte[]> keys;
    private final MVMap<String, byte[]> state;
    private final ZoneOffset zone;

    LedgerFile(StoreFile.Maps maps, ZoneOffset zone) {
        // Bytes are compared and written faster than texts, and there is one for every row.
        this.rows = maps.ofBytesByBytes("ledgerRows");
        this.open = maps.ofBytes("ledgerOpen");
        this.sums = maps.ofBytes("ledgerSums");
        this.hours = maps.ofBytes("ledgerHours");
        this.keys = maps.ofBytes("ledgerKeys");
        this.state = maps.ofBytes("ledgerState");
        this.zone = zone;
    }

    /** Puts everything that the file holds into an empty book; tells where the journal goes on. */
    Journal.Position load(Book book) {
        open.values().forEach(row -> book.restore(UsageFormat.row(row)));
        sums.keyIterator(String.valueOf(letter(UsageSubject.Kind.KEY)))
                .forEachRemaining(name -> restoreTotal(name, book));
        hours.keyIterator(null).forEachRemaining(name -> restoreHour(name, book));
        keys.keyIterator(null).forEachRemaining(keyId -> restoreKey(keyId, book));
        byte[] position = state.get(POSITION);
        if (position == null) {
            return Journal.Position.START;
        }
        RecordReader reader = new RecordReader(position);
        return new Journal.Position(reader.number(), reader.number());
    }

    private void restoreTotal(String name, Book book) {
        int end = name.indexOf(END);
        if (name.charAt(0) == letter(UsageSubject.Kind.KEY) && end == name.length() - 1) {
            byte[] bytes = sums.get(name);
            if (bytes != null) {
                long total = UsageFormat.totals(bytes).countedNanoUsd();
                book.restoring(name.substring(1, end)).spending().restore(total);
            }
        }
    }

    private void restoreHour(String name, Book book) {
        String[] parts = name.split(String.valueOf(END), -1);
        byte[] bytes = hours.get(name);
        if (bytes != null) {
            book.restoring(parts[0])
                    .spending()
                    .restore(Long.parseLong(parts[1], 16), parts[2], new RecordReader(bytes).number());
        }
    }

    private void restoreKey(String keyId, Book book) {
        byte[] bytes = keys.get(keyId);
        if (bytes != null) {
            book.restoring(keyId).restore(KeyBook.Kept.read(new RecordReader(bytes)));
        }
    }

    /** Writes a batch; committed by the caller. */
    void write(Book.Batch batch) {
        Map<Slot, UsageTotals> slots = new HashMap<>();
        RecordWriter writer = new RecordWriter();
        for (UsageRecord row : batch.settled()) {
            boolean counts = row.state() != UsageRecord.State.VOID;
            UsageFormat.write(writer.clear(), row);
            if (rows.putIfAbsent(key(row.id()), writer.toBytes()) == null && counts) {
                slots.merge(Slot.of(row), UsageTotals.NONE.plus(row), UsageTotals::plus);
            }
        }
        Map<String, UsageTotals> changed = new HashMap<>();
        Map<String, Long> spent = new HashMap<>();
        slots.forEach((slot, totals) -> add(slot, totals, changed, spent));
        changed.forEach((name, totals) -> sums.put(name, UsageFormat.totals(totals)));
        spent.forEach((name, nanoUsd) ->
                hours.put(name, new RecordWriter().number(nanoUsd).toBytes()));
        batch.keys()
                .forEach((keyId, kept) ->
                        keys.put(keyId, kept.write(new RecordWriter()).toBytes()));
        writeOpen(batch.open());
        Journal.Position position = batch.position();
        state.put(
                POSITION,
                new RecordWriter()
                        .number(position.segment())
                        .number(position.offset())
                        .toBytes());
    }

    /** What rows have in common that count in the same sums; few of a batch differ in it. */
    private record Slot(String keyId, String accountId, String model, String family, long hour) {
        static Slot of(UsageRecord row) {
            return new Slot(row.keyId(), row.accountId(), row.model(), row.family(), Spending.hour(row.admittedAt()));
        }
    }

    private void add(Slot slot, UsageTotals more, Map<String, UsageTotals> changed, Map<String, Long> spent) {
        Instant at = Spending.start(slot.hour());
        List<UsageSubject> subjects = UsageSubject.of(slot.keyId(), slot.accountId(), slot.model());
        for (UsageSubject subject : subjects) {
            String whose = prefix(subject);
            add(whose, more, changed);
            for (UsagePeriod period : UsagePeriod.values()) {
                add(whose + letter(period) + period.name(at, zone), more, changed);
            }
        }
        add(modelsPrefix(slot.keyId()) + slot.model(), more, changed);
        String hour = slot.keyId() + END + Long.toHexString(slot.hour()) + END + slot.family();
        spent.put(hour, spent.computeIfAbsent(hour, this::spentBefore) + more.countedNanoUsd());
    }

    private void add(String name, UsageTotals more, Map<String, UsageTotals> changed) {
        changed.put(name, changed.computeIfAbsent(name, this::sum).plus(more));
    }

    private long spentBefore(String hour) {
        byte[] bytes = hours.get(hour);
        return bytes == null ? 0 : new RecordReader(bytes).number();
    }

    private void writeOpen(Map<String, UsageRecord> now) {
        for (String id : List.copyOf(open.keySet())) {
            if (!now.containsKey(id)) {
                open.remove(id);
            }
        }
        now.forEach((id, row) -> open.putIfAbsent(id, UsageFormat.row(row)));
    }

    Optional<UsageRecord> find(String attemptId) {
        return Optional.ofNullable(rows.get(key(attemptId))).map(UsageFormat::row);
    }

    /** The settled rows of an exchange; those of an attempt are named after it. */
    List<UsageRecord> ofExchange(String exchangeId) {
        String prefix = exchangeId + "-";
        List<UsageRecord> found = new ArrayList<>();
        for (Iterator<byte[]> ids = rows.keyIterator(key(prefix)); ids.hasNext(); ) {
            String id = id(ids.next());
            if (!id.startsWith(prefix)) {
                break;
            }
            find(id).filter(row -> row.exchangeId().equals(exchangeId)).ifPresent(found::add);
        }
        found.sort(Comparator.comparing(UsageRecord::startedAt).thenComparing(UsageRecord::id));
        return found;
    }

    private static byte[] key(String id) {
        return id.getBytes(StandardCharsets.UTF_8);
    }

    private static String id(byte[] key) {
        return new String(key, StandardCharsets.UTF_8);
    }

    UsageTotals totals(UsageSubject subject) {
        return sum(prefix(subject));
    }

    SortedMap<String, UsageTotals> history(UsageSubject subject, UsagePeriod period) {
        return sumsBehind(prefix(subject) + letter(period));
    }

    SortedMap<String, UsageTotals> modelsOfKey(String keyId) {
        return sumsBehind(modelsPrefix(keyId));
    }

    private SortedMap<String, UsageTotals> sumsBehind(String prefix) {
        SortedMap<String, UsageTotals> found = new TreeMap<>();
        for (Iterator<String> names = sums.keyIterator(prefix); names.hasNext(); ) {
            String name = names.next();
            if (!name.startsWith(prefix)) {
                break;
            }
            found.put(name.substring(prefix.length()), sum(name));
        }
        return found;
    }

    private UsageTotals sum(String name) {
        byte[] bytes = sums.get(name);
        return bytes == null ? UsageTotals.NONE : UsageFormat.totals(bytes);
    }

    private static String prefix(UsageSubject subject) {
        return letter(subject.kind()) + subject.id() + END;
    }

    private static String modelsPrefix(String keyId) {
        return "x" + keyId + END;
    }

    private static char letter(UsageSubject.Kind kind) {
        return switch (kind) {
            case EVERYTHING -> 'e';
            case KEY -> 'k';
            case ACCOUNT -> 'a';
            case MODEL -> 'm';
        };
    }

    private static char letter(UsagePeriod period) {
        return switch (period) {
            case HOUR -> 'h';
            case DAY -> 'd';
            case MONTH -> 'm';
        };
    }

    /** Where pruning goes on: the next row and the next sum to look at; null where it begins anew. */
    record Sweep(@Nullable String row, @Nullable String sum) {
        static final Sweep START = new Sweep(null, null);
    }

    /** Drops what is older than it is kept, looking at a few records only; tells where to go on. */
    Sweep prune(Sweep from, int rowsAdded, Instant now) {
        // More than were added, so that it keeps up with any load.
        int rowsLookedAt = Math.max(FEWEST_ROWS_LOOKED_AT, 2 * rowsAdded);
        return new Sweep(pruneRows(from.row(), rowsLookedAt, now), pruneSums(from.sum(), now));
    }

    private @Nullable String pruneRows(@Nullable String from, int most, Instant now) {
        Iterator<byte[]> ids = rows.keyIterator(from == null ? null : key(from));
        for (int looked = 0; ids.hasNext(); looked++) {
            String id = id(ids.next());
            if (looked == most) {
                return id;
            }
            if (find(id).filter(row -> row.admittedAt().plus(ROWS_KEPT).isBefore(now))
                    .isPresent()) {
                rows.remove(key(id));
            }
        }
        return null;
    }

    private @Nullable String pruneSums(@Nullable String from, Instant now) {
        Iterator<String> names = sums.keyIterator(from);
        for (int looked = 0; names.hasNext(); looked++) {
            String name = names.next();
            if (looked == SUMS_LOOKED_AT) {
                return name;
            }
            if (over(name, now)) {
                sums.remove(name);
            }
        }
        return null;
    }

    private boolean over(String name, Instant now) {
        String period = name.substring(name.indexOf(END) + 1);
        if (name.charAt(0) == 'x' || period.isEmpty()) {
            return false;
        }
        for (UsagePeriod kind : UsagePeriod.values()) {
            if (period.charAt(0) == letter(kind)) {
                return period.substring(1).compareTo(kind.name(now.minus(kind.kept()), zone)) < 0;
            }
        }
        return false;
    }

    /** Drops the hours of budgets that no day or week can ask for any more. */
    void pruneHours(Instant now) {
        long first = Spending.hour(now) - Spending.HOURS_KEPT;
        for (Iterator<String> names = hours.keyIterator(null); names.hasNext(); ) {
            String name = names.next();
            if (Long.parseLong(name.split(String.valueOf(END), -1)[1], 16) < first) {
                hours.remove(name);
            }
        }
    }
}
