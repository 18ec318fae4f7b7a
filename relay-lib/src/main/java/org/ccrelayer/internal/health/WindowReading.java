package org.ccrelayer.internal.health;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * The windows that one answer tells of, in its {@code anthropic-ratelimit-unified-*} header fields. Resets are later than
 * the reading and within the window's length. Immutable.
 *
 * @param readAt when it was read
 * @param overall all windows taken together
 * @param claim the window that counts most, such as {@code five_hour}; empty where that was not said
 * @param fiveHour the 5-hour window
 * @param sevenDay the weekly window
 * @param families weekly windows of single families, at most {@value #MOST_FAMILIES}
 */
public record WindowReading(
        Instant readAt, Window overall, String claim, Window fiveHour, Window sevenDay, Map<String, Window> families) {
    /** How many families are read from one answer. */
    static final int MOST_FAMILIES = 16;

    static final String FIVE_HOUR_CLAIM = "five_hour";
    static final String SEVEN_DAY_CLAIM = "seven_day";

    private static final String PREFIX = "anthropic-ratelimit-unified-";
    private static final Pattern FAMILY_FIELD =
            Pattern.compile(PREFIX + "7d[_-]([a-z]{1,32})-(?:status|reset|utilization)");
    private static final Pattern FAMILY_CLAIM = Pattern.compile(SEVEN_DAY_CLAIM + "_([a-z]{1,32})");

    public WindowReading {
        requireNonNull(readAt, "readAt");
        requireNonNull(overall, "overall");
        requireNonNull(claim, "claim");
        requireNonNull(fiveHour, "fiveHour");
        requireNonNull(sevenDay, "sevenDay");
        families = Map.copyOf(families);
    }

    /** What {@code headers} tell. */
    public static WindowReading of(HttpFields headers, Instant now) {
        return new WindowReading(
                now,
                window(headers, PREFIX, Verdict.Kind.WEEKLY_WINDOW, now),
                Optional.ofNullable(headers.get(PREFIX + "representative-claim"))
                        .orElse(""),
                window(headers, PREFIX + "5h-", Verdict.Kind.FIVE_HOUR_WINDOW, now),
                window(headers, PREFIX + "7d-", Verdict.Kind.WEEKLY_WINDOW, now),
                families(headers, now));
    }

    private static Map<String, Window> families(HttpFields headers, Instant now) {
        Map<String, Window> families = new HashMap<>();
        for (HttpField field : headers) {
            Matcher family = FAMILY_FIELD.matcher(field.getLowerCaseName());
            if (family.matches() && families.size() < MOST_FAMILIES) {
                String prefix = field.getLowerCaseName().substring(0, family.end(1)) + "-";
                families.put(family.group(1), window(headers, prefix, Verdict.Kind.FAMILY_WINDOW, now));
            }
        }
        return families;
    }

    private static Window window(HttpFields headers, String prefix, Verdict.Kind kind, Instant now) {
        return new Window(
                Window.Status.of(headers.get(prefix + "status")).orElse(null),
                StatedTimes.reset(headers.get(prefix + "reset"), now)
                        .map(reset -> StatedTimes.bounded(reset, kind.longest(), now))
                        .orElse(null),
                utilization(headers.get(prefix + "utilization")));
    }

    private static @Nullable Double utilization(@Nullable String text) {
        if (text == null || !text.matches("\\d{1,9}(?:\\.\\d{1,20})?")) {
            return null;
        }
        return Math.min(1, Double.parseDouble(text));
    }

    /** Whether nothing was told, as is usual for API keys. */
    public boolean isEmpty() {
        return !overall.told() && !fiveHour.told() && !sevenDay.told() && families.isEmpty();
    }

    /** The family that the claim names, if it names one. */
    Optional<String> claimedFamily() {
        Matcher family = FAMILY_CLAIM.matcher(claim);
        return family.matches() ? Optional.of(family.group(1)) : Optional.empty();
    }

    /** The 5-hour window, where only all windows together were told that may be this one. */
    Window fiveHourOrOverall() {
        if (fiveHour.status() != null || overall.status() == null || !overallMayBeFiveHour()) {
            return fiveHour;
        }
        Instant resetsAt = fiveHour.resetsAt() == null ? overall.resetsAt() : fiveHour.resetsAt();
        return new Window(overall.status(), resetsAt, fiveHour.utilization());
    }

    private boolean overallMayBeFiveHour() {
        Instant resetsAt = overall.resetsAt();
        Duration longest = Verdict.Kind.FIVE_HOUR_WINDOW.longest();
        return claim.equals(FIVE_HOUR_CLAIM)
                || claim.isEmpty() && (resetsAt == null || !resetsAt.isAfter(readAt.plus(longest)));
    }
}
