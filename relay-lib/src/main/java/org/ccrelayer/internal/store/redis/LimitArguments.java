package org.ccrelayer.internal.store.redis;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.RateLimit;
import org.ccrelayer.limit.Claim;

/** A key's limits in the order in which the scripts take them. Stateless. */
final class LimitArguments {
    private static final int DAYS_PER_WEEK = 7;

    /** 1970 began on one. */
    private static final int THURSDAY = 4;

    private LimitArguments() {}

    /** What {@code claim.lua} takes. */
    static List<String> ofClaim(Claim claim, String moment, ZoneOffset calendar) {
        KeyLimits limits = claim.limits();
        List<String> arguments = new ArrayList<>(19);
        arguments.add(moment);
        arguments.add(claim.lease().exchangeId());
        arguments.add(claim.lease().keyId());
        arguments.add(claim.family());
        arguments.add(text(limits.strict() ? claim.worstNanoUsd() : 0));
        arguments.add(text(RedisTime.micros(claim.ttl())));
        arguments.add(text(limits.concurrency()));
        arguments.add(window(limits.rate()));
        arguments.add(text(limits.rate().requests()));
        arguments.add(text(limits.rate().tokens()));
        arguments.add(text(limits.rate().costNanoUsd()));
        arguments.add(limits.budgets().mode() == BudgetMode.SHADOW ? "1" : "0");
        arguments.addAll(budgets(limits.budgets(), claim.zone(), calendar));
        return arguments;
    }

    /** What {@code cover.lua} takes. */
    static List<String> ofCover(Claim claim, ZoneOffset calendar) {
        List<String> arguments = new ArrayList<>(8);
        arguments.add(text(claim.worstNanoUsd()));
        arguments.add(claim.family());
        arguments.addAll(budgets(claim.limits().budgets(), claim.zone(), calendar));
        return arguments;
    }

    /** What {@code use.lua} takes. */
    static List<String> ofUse(KeyLimits limits, ZoneOffset zone, String moment, ZoneOffset calendar) {
        List<String> arguments = new ArrayList<>(8);
        arguments.add(moment);
        arguments.add(window(limits.rate()));
        arguments.addAll(budgets(limits.budgets(), zone, calendar));
        return arguments;
    }

    private static String window(RateLimit rate) {
        return text(rate.active() ? RedisTime.micros(Duration.ofMinutes(rate.windowMinutes())) : 0);
    }

    /**
     * Scripts find days and weeks by their own clock: from the zone, and from how long a week's beginning is behind 1970's; the
     * predecessor's from the zone of its calendar.
     */
    private static List<String> budgets(Budgets budgets, ZoneOffset zone, ZoneOffset calendar) {
        Budgets.Weekly weekly = budgets.weekly();
        long daysBehind = Math.floorMod(weekly.resetDay() - THURSDAY, DAYS_PER_WEEK);
        Duration behind = Duration.ofDays(daysBehind).plusHours(weekly.resetHour());
        return List.of(
                text(budgets.dailyNanoUsd()),
                text(budgets.totalNanoUsd()),
                text(weekly.nanoUsd()),
                weekly.scope(),
                text(RedisTime.micros(zone)),
                text(behind.toSeconds() * 1_000_000),
                text(RedisTime.micros(calendar)));
    }

    private static String text(long number) {
        return Long.toString(number);
    }
}
