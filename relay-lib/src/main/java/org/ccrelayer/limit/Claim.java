package org.ccrelayer.limit;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.ZoneOffset;
import org.ccrelayer.apikey.KeyLimits;

/**
 * What an exchange asks for before anything is sent. Immutable.
 *
 * @param lease the exchange and its key
 * @param limits the key's limits
 * @param zone where the key's days and weeks begin
 * @param family the family of the model that is asked for; empty where it is not known
 * @param worstNanoUsd the most that limits can count of the exchange, in billionths of a dollar; 0 unless the budgets are strict
 * @param ttl how long the lease lasts without being renewed
 */
public record Claim(Lease lease, KeyLimits limits, ZoneOffset zone, String family, long worstNanoUsd, Duration ttl) {
    public Claim {
        requireNonNull(lease, "lease");
        requireNonNull(limits, "limits");
        requireNonNull(zone, "zone");
        requireNonNull(family, "family");
        requireNonNull(ttl, "ttl");
        if (worstNanoUsd < 0 || ttl.isNegative() || ttl.isZero()) {
            throw new IllegalArgumentException("a claim must not be negative");
        }
    }
}
