package org.ccrelayer.internal.store.embedded;

import static java.util.Objects.requireNonNull;

import java.time.InstantSource;
import java.time.ZoneOffset;

/**
 * The time that a store goes by.
 *
 * @param clock the present moment
 * @param zone where the hours, days and months of usage begin
 */
public record StoreTime(InstantSource clock, ZoneOffset zone) {
    public StoreTime {
        requireNonNull(clock, "clock");
        requireNonNull(zone, "zone");
    }

    /** That clock, in UTC. */
    public static StoreTime utc(InstantSource clock) {
        return new StoreTime(clock, ZoneOffset.UTC);
    }
}
