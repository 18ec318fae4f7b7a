package org.ccrelayer.internal.health;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * Times as upstreams write them. What is not in the future, or not a time, counts as not said; what is absurdly far away
 * counts as that, for the caller to bound.
 */
final class StatedTimes {
    /** Enough digits for every time that means something, in milliseconds too; more of them mean no more. */
    private static final int MOST_DIGITS = 14;

    private static final long MOST = 99_999_999_999_999L;

    private StatedTimes() {}

    /** {@code retry-after-ms}, else {@code retry-after} in seconds or as an HTTP date; positive. */
    static Optional<Duration> retryAfter(HttpFields headers, Instant now) {
        return digits(headers.get("retry-after-ms"))
                .map(Duration::ofMillis)
                .filter(StatedTimes::positive)
                .or(() -> retryAfter(headers.get("retry-after"), now));
    }

    private static Optional<Duration> retryAfter(@Nullable String text, Instant now) {
        return digits(text)
                .map(Duration::ofSeconds)
                .or(() -> httpDate(text).map(date -> Duration.between(now, date)))
                .filter(StatedTimes::positive);
    }

    /** A moment later than {@code now}, in RFC 3339 or in seconds since 1970. */
    static Optional<Instant> reset(@Nullable String text, Instant now) {
        return digits(text).map(Instant::ofEpochSecond).or(() -> rfc3339(text)).filter(moment -> moment.isAfter(now));
    }

    /** The latest reset of the ordinary limits that have nothing left. */
    static Optional<Instant> emptyBucketReset(HttpFields headers, Instant now) {
        return Stream.of("requests", "tokens", "input-tokens", "output-tokens")
                .map(bucket -> "anthropic-ratelimit-" + bucket)
                .filter(bucket -> "0".equals(headers.get(bucket + "-remaining")))
                .flatMap(bucket -> reset(headers.get(bucket + "-reset"), now).stream())
                .max(Comparator.naturalOrder());
    }

    /** The earlier of {@code moment} and {@code longest} from now. */
    static Instant bounded(Instant moment, Duration longest, Instant now) {
        Instant last = now.plus(longest);
        return moment.isAfter(last) ? last : moment;
    }

    private static Optional<Long> digits(@Nullable String text) {
        if (text == null || text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        String significant = text.replaceFirst("^0+(?=.)", "");
        return Optional.of(significant.length() > MOST_DIGITS ? MOST : Long.parseLong(significant));
    }

    private static Optional<Instant> rfc3339(@Nullable String text) {
        try {
            return Optional.ofNullable(text).map(OffsetDateTime::parse).map(OffsetDateTime::toInstant);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> httpDate(@Nullable String text) {
        try {
            return Optional.ofNullable(text)
                    .map(date -> ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME))
                    .map(ZonedDateTime::toInstant);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static boolean positive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }
}
