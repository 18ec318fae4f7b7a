package org.ccrelayer.internal.store.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether an account may be chosen, by what the predecessor wrote of it. What stopped itself comes back by itself, as it does there, and
 * also where the predecessor would forget to.
 *
 * @param chosen whether the operator lets it be chosen
 * @param until until when it rests nonetheless; null where it does not
 */
record PredecessorRest(boolean chosen, @Nullable Instant until) {
    /** What the predecessor clears when an operator resets an account. */
    static final List<String> RESET = List.of(
            "rateLimitedAt",
            "rateLimitStatus",
            "unauthorizedAt",
            "unauthorizedCount",
            "overloadedAt",
            "overloadStatus",
            "blockedAt",
            "quotaStoppedAt");

    private static final List<String> STOPPED_ITSELF =
            List.of("rateLimitAutoStopped", "blockedAutoStopped", "quotaAutoStopped", "autoStoppedAt", "stoppedReason");

    private static final Duration OVERLOADED = Duration.ofMinutes(10);
    private static final Duration BLOCKED = Duration.ofMinutes(10);
    private static final Duration SAME_CHANGE = Duration.ofSeconds(1);
    private static final int DEFAULT_LIMITED_MINUTES = 60;

    /** @param own what the relay keeps beside the predecessor's fields */
    static PredecessorRest of(HashFields fields, HashFields own, LocalTime quotaReset, ZoneOffset zone) {
        if (limitedByRelay(fields, own)) {
            return new PredecessorRest(true, null);
        }
        boolean on = fields.isTrue("isActive");
        boolean schedulable = !fields.isFalse("schedulable");
        String status = fields.given("status").orElse("active");
        if (on && schedulable && status.equals("active")) {
            return new PredecessorRest(true, overloaded(fields).orElse(null));
        }
        return stopped(fields, status, quotaReset, zone)
                .map(until -> new PredecessorRest(true, until))
                .orElseGet(() -> new PredecessorRest(false, null));
    }

    /** A relay wrote that for the predecessor; relays themselves know better how long it lasts. */
    private static boolean limitedByRelay(HashFields fields, HashFields own) {
        return own.has("limitedAt")
                && own.text("limitedAt").equals(fields.text("rateLimitedAt"))
                && fields.text("status").equals("rate_limited")
                && fields.isTrue("rateLimitAutoStopped");
    }

    private static Optional<Instant> overloaded(HashFields fields) {
        return fields.moment("overloadedAt")
                .filter(at -> fields.text("overloadStatus").equals("overloaded"))
                .map(at -> at.plus(OVERLOADED));
    }

    private static Optional<Instant> stopped(HashFields fields, String status, LocalTime quotaReset, ZoneOffset zone) {
        return switch (status) {
            case "rate_limited" ->
                fields.moment("rateLimitedAt")
                        .filter(at -> fields.isTrue("rateLimitAutoStopped"))
                        .map(at -> at.plus(limited(fields)));
            case "account_blocked" ->
                fields.moment("blockedAt")
                        .filter(at -> fields.isTrue("blockedAutoStopped"))
                        .map(at -> at.plus(BLOCKED));
            case "active", "quota_exceeded" ->
                fields.moment("quotaStoppedAt")
                        .filter(at -> !changedSince(fields, at))
                        .map(at -> next(quotaReset, at, zone));
            default -> Optional.empty();
        };
    }

    private static Duration limited(HashFields fields) {
        return Duration.ofMinutes(Math.max(0, fields.whole("rateLimitDuration", DEFAULT_LIMITED_MINUTES)));
    }

    /** An operator who changed an account after it had stopped itself left it as it is. */
    private static boolean changedSince(HashFields fields, Instant stoppedAt) {
        return fields.moment("updatedAt")
                .filter(at -> at.isAfter(stoppedAt.plus(SAME_CHANGE)))
                .isPresent();
    }

    /** As days of quotas begin, with the full hour. */
    private static Instant next(LocalTime time, Instant after, ZoneOffset zone) {
        OffsetDateTime then = after.atOffset(zone);
        OffsetDateTime sameDay = then.with(time.truncatedTo(ChronoUnit.HOURS));
        return (sameDay.isAfter(then) ? sameDay : sameDay.plusDays(1)).toInstant();
    }

    /** What an operator's decision writes beside {@code schedulable}. */
    static Map<String, String> decided(boolean chosen) {
        Map<String, String> cleared = new LinkedHashMap<>();
        STOPPED_ITSELF.forEach(name -> cleared.put(name, ""));
        if (chosen) {
            cleared.put("isActive", "true");
            cleared.put("status", "active");
            cleared.put("errorMessage", "");
        }
        return cleared;
    }
}
