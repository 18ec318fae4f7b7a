package org.ccrelayer.usage;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** A length of time by which usage is summed up. */
public enum UsagePeriod {
    /** An hour, such as {@code 2026-11-22:10}. */
    HOUR("yyyy-MM-dd:HH", Duration.ofDays(7)),
    /** A day, such as {@code 2026-11-22}. */
    DAY("yyyy-MM-dd", Duration.ofDays(32)),
    /** A month, such as {@code 2026-11}. */
    MONTH("yyyy-MM", Duration.ofDays(365));

    private final DateTimeFormatter format;
    private final Duration kept;

    UsagePeriod(String pattern, Duration kept) {
        this.format = DateTimeFormatter.ofPattern(pattern);
        this.kept = kept;
    }

    /** How long the sums of such a period are kept after it began. */
    public Duration kept() {
        return kept;
    }

    /** The name of the period that {@code at} falls in; names sort as the periods do. */
    public String name(Instant at, ZoneOffset zone) {
        return format.format(OffsetDateTime.ofInstant(at, zone));
    }
}
