package org.ccrelayer.internal.store.redis;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.ccrelayer.usage.UsagePeriod;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageSubject;

/** What {@code settle.lua} takes. Stateless. */
final class Settlement {
    private Settlement() {}

    static List<String> keys(UsageRecord row) {
        List<String> keys = new ArrayList<>(RedisKeys.limits(row.keyId(), row.exchangeId()));
        keys.add(RedisKeys.ROWS.key(row.exchangeId()));
        keys.add(RedisKeys.MODELS.key(row.keyId()));
        UsageSubject.of(row).forEach(subject -> keys.add(RedisKeys.usage(subject)));
        return keys;
    }

    static List<String> arguments(UsageRecord row, RedisTime time, ZoneOffset zone, boolean onlyIfLost) {
        List<String> arguments = new ArrayList<>(40);
        arguments.add(time.argument());
        arguments.add(row.exchangeId());
        arguments.add(row.id());
        arguments.add(RowText.of(row));
        arguments.add(onlyIfLost ? "1" : "0");
        arguments.add(row.state() == UsageRecord.State.VOID ? "0" : "1");
        arguments.add(Long.toString(RedisTime.micros(row.admittedAt())));
        arguments.add(row.family());
        arguments.add(row.model());
        arguments.addAll(Figures.of(row));
        arguments.add(Long.toString(row.tokens().prompt() + row.tokens().output()));
        arguments.addAll(PredecessorUsage.arguments(row, zone));
        for (UsagePeriod period : UsagePeriod.values()) {
            arguments.addAll(period(period, row.admittedAt(), zone));
        }
        return arguments;
    }

    /** A period's name, what its key and that of the index end with, when it began and how long from then on it is kept. */
    private static List<String> period(UsagePeriod period, Instant at, ZoneOffset zone) {
        String name = period.name(at, zone);
        OffsetDateTime start = start(period, OffsetDateTime.ofInstant(at, zone));
        long length = RedisTime.micros(end(period, start).toInstant()) - RedisTime.micros(start.toInstant());
        return List.of(
                name,
                RedisKeys.period(period, name),
                RedisKeys.periods(period),
                Long.toString(RedisTime.micros(start.toInstant())),
                Long.toString(length + RedisTime.micros(period.kept())));
    }

    private static OffsetDateTime start(UsagePeriod period, OffsetDateTime at) {
        return switch (period) {
            case HOUR -> at.truncatedTo(ChronoUnit.HOURS);
            case DAY -> at.truncatedTo(ChronoUnit.DAYS);
            case MONTH -> at.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1);
        };
    }

    private static OffsetDateTime end(UsagePeriod period, OffsetDateTime start) {
        return switch (period) {
            case HOUR -> start.plusHours(1);
            case DAY -> start.plusDays(1);
            case MONTH -> start.plusMonths(1);
        };
    }
}
