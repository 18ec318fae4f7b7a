package org.ccrelayer.internal.store.redis;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ccrelayer.usage.UsagePeriod;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageStore;
import org.ccrelayer.usage.UsageSubject;
import org.ccrelayer.usage.UsageTotals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger in Redis: settling is one script that moves a row to its end, once, and adds it to every sum. What was accepted is as
 * durable as the server makes it. Sums are what the relay and the predecessor counted together. Safe for concurrent use.
 */
final class RedisUsage implements UsageStore {
    private static final Logger LOG = LoggerFactory.getLogger(RedisUsage.class);
    private static final Script OPEN = Script.ofLimits("open");
    private static final Script STREAMING = Script.of("streaming");
    private static final Script SETTLE = Script.ofLimits("predecessor-usage", "settle");

    /** How long rows are kept after their exchange was let in. */
    private static final Duration ROWS_KEPT = Duration.ofDays(90);

    /** How long a row may be open whose exchange lost its lease. */
    private static final Duration ORPHANS_LIFE = Duration.ofMinutes(10);

    /** An attempt's name, which begins with its exchange's. */
    private static final Pattern ATTEMPT = Pattern.compile("(.+)-\\d+", Pattern.DOTALL);

    /** What settling answers where the predecessor's counters hold something else than it writes. */
    private static final long BOOKED_UNTOLD = 2;

    /** What settling answers where there is no such row. */
    private static final long ABSENT = 3;

    private final RedisLink link;
    private final RedisTime time;
    private final ZoneOffset zone;
    private final UsageOfBoth sums;

    /**
     * A ledger.
     *
     * @param zone where the hours, days and months of usage begin
     */
    RedisUsage(RedisLink link, RedisTime time, ZoneOffset zone) {
        this.link = link;
        this.time = time;
        this.zone = zone;
        link.load(OPEN, STREAMING, SETTLE);
        this.sums = new UsageOfBoth(link, time, zone);
    }

    @Override
    public void open(UsageRecord row) {
        link.run(OPEN, openKeys(row), openArguments(row));
    }

    /**
     * Books a row that waited, without waiting: it is opened unless it was, and settled unless it was. The answer is whether that
     * changed anything.
     */
    CompletableFuture<Boolean> replayed(UsageRecord row) {
        UsageRecord opened = row.in(UsageRecord.State.RESERVED);
        CompletableFuture<List<Object>> open = link.sent(OPEN, openKeys(opened), openArguments(opened));
        // Not sent together: a server that lost its scripts could do the second one first.
        CompletableFuture<List<Object>> last = row.state().terminal()
                ? open.thenCompose(
                        done -> link.sent(SETTLE, Settlement.keys(row), Settlement.arguments(row, time, zone, false)))
                : open;
        return last.thenApply(answer -> !answer.equals(List.of(0L)));
    }

    private static List<String> openKeys(UsageRecord row) {
        List<String> keys = new ArrayList<>(RedisKeys.limits(row.keyId(), row.exchangeId()));
        keys.add(RedisKeys.ROWS.key(row.exchangeId()));
        if (!exchange(row.id()).equals(row.exchangeId())) {
            keys.add(RedisKeys.ROWS_OF.key(row.id()));
        }
        return keys;
    }

    private List<String> openArguments(UsageRecord row) {
        return List.of(
                time.argument(),
                row.exchangeId(),
                row.keyId(),
                row.id(),
                RowText.of(row),
                row.family(),
                Long.toString(RedisTime.micros(row.admittedAt())),
                Long.toString(RedisTime.micros(ROWS_KEPT)),
                Long.toString(RedisTime.micros(ORPHANS_LIFE)));
    }

    /** Does not wait: whoever finds the row after a crash cannot tell more of it than of a reserved one. */
    @Override
    public void streaming(String attemptId) {
        List<String> keys = List.of(RedisKeys.ROWS.key(exchange(attemptId)), RedisKeys.ROWS_OF.key(attemptId));
        link.sent(STREAMING, keys, List.of(attemptId)).whenComplete((answer, e) -> {
            if (e != null) {
                LOG.debug("That the answer of {} has begun is not in the ledger.", attemptId, e);
            }
        });
    }

    @Override
    public boolean settle(UsageRecord row) {
        return settled(row) == Settled.BOOKED;
    }

    /** What became of a row that was to be settled. */
    enum Settled {
        /** It was open, and has its end now. */
        BOOKED,
        /** It had its end before, which stays. */
        BEFORE,
        /** There is no such row: it was not opened, or the server lost it. */
        ABSENT
    }

    /** As {@link #settle}, telling more. */
    Settled settled(UsageRecord row) {
        return settled(row, false);
    }

    private Settled settled(UsageRecord row, boolean onlyIfLost) {
        List<String> arguments = Settlement.arguments(row, time, zone, onlyIfLost);
        List<Object> answer = link.run(SETTLE, Settlement.keys(row), arguments);
        if (answer.equals(List.of(BOOKED_UNTOLD))) {
            LOG.warn(
                    "{} is booked, and could not be added to the predecessor's counters of the relay key {}: one of them holds something else.",
                    row.id(),
                    row.keyId());
        }
        if (answer.equals(List.of(ABSENT))) {
            return Settled.ABSENT;
        }
        return answer.equals(List.of(0L)) ? Settled.BEFORE : Settled.BOOKED;
    }

    /** Books what is open of an exchange whose relay must be gone; whether anything was. */
    boolean settleLost(String exchangeId, Instant at) {
        boolean booked = false;
        for (UsageRecord row : ofExchange(exchangeId)) {
            booked |= !row.state().terminal() && settled(row.lost(at), true) == Settled.BOOKED;
        }
        return booked;
    }

    /** Waits until the server has everything; whether that survives the end of its machine, it decides. */
    @Override
    public void flush() {
        link.call(RedisAsyncCommands::ping);
    }

    @Override
    public Optional<UsageRecord> find(String attemptId) {
        return find(RedisKeys.ROWS.key(exchange(attemptId)), attemptId)
                .or(() -> text(redis -> redis.get(RedisKeys.ROWS_OF.key(attemptId)))
                        .flatMap(rows -> find(rows, attemptId)));
    }

    private Optional<UsageRecord> find(String rows, String attemptId) {
        return text(redis -> redis.hget(rows, attemptId)).map(text -> RowText.row(attemptId, text));
    }

    private Optional<String> text(Function<RedisAsyncCommands<String, String>, RedisFuture<String>> question) {
        return Optional.ofNullable(link.call(question));
    }

    /** The exchange that an attempt's name tells of. */
    private static String exchange(String attemptId) {
        Matcher matcher = ATTEMPT.matcher(attemptId);
        return matcher.matches() ? matcher.group(1) : attemptId;
    }

    @Override
    public List<UsageRecord> ofExchange(String exchangeId) {
        Map<String, String> rows = link.call(redis -> redis.hgetall(RedisKeys.ROWS.key(exchangeId)));
        return rows.entrySet().stream()
                .map(row -> RowText.row(row.getKey(), row.getValue()))
                .sorted(Comparator.comparing(UsageRecord::startedAt).thenComparing(UsageRecord::id))
                .toList();
    }

    @Override
    public UsageTotals totals(UsageSubject subject) {
        return sums.totals(subject);
    }

    @Override
    public SortedMap<String, UsageTotals> history(UsageSubject subject, UsagePeriod period) {
        return sums.history(subject, period);
    }

    @Override
    public Map<String, UsageTotals> modelsOfKey(String keyId) {
        return sums.modelsOfKey(keyId);
    }
}
