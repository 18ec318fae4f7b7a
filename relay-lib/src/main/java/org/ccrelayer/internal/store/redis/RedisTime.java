package org.ccrelayer.internal.store.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The time that a store in Redis goes by: the server's own, so that relays agree whatever their clocks say. Scripts are told so
 * by their first argument, and take microseconds. Immutable.
 */
final class RedisTime {
    /** The server's clock. */
    static final RedisTime SERVERS = new RedisTime(null);

    /** Nothing lasts longer, so that moments stay below 2^53 microseconds. */
    private static final Duration LONGEST = Duration.ofDays(3_650);

    private static final String ASK_THE_SERVER = "0";

    private final @Nullable InstantSource other;

    private RedisTime(@Nullable InstantSource other) {
        this.other = other;
    }

    /** Another clock, for tests: scripts are told its moment instead of asking the server. */
    static RedisTime of(InstantSource clock) {
        return new RedisTime(clock);
    }

    /** What scripts take for the moment. */
    String argument() {
        return other == null ? ASK_THE_SERVER : Long.toString(micros(other.instant()));
    }

    /** A moment in microseconds since 1970. */
    static long micros(Instant moment) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, moment);
    }

    /** A length of time in microseconds. */
    static long micros(Duration length) {
        Duration bounded = length.compareTo(LONGEST) > 0 ? LONGEST : length;
        return Math.max(1, bounded.toSeconds() * 1_000_000 + bounded.toNanosPart() / 1_000);
    }

    /** How far a zone is ahead, in microseconds. */
    static long micros(ZoneOffset zone) {
        return zone.getTotalSeconds() * 1_000_000L;
    }

    /** The moment that a script told. */
    static Instant moment(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
