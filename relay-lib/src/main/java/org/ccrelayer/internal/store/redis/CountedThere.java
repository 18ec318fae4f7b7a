package org.ccrelayer.internal.store.redis;

import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageTotals;

/**
 * What the predecessor's counters say of somebody, as texts: requests, input, output, all cache writes, cache reads, cache writes of
 * five minutes and of an hour; what counts and the price in dollars; both in millionths. What cannot be read is nothing. They hold
 * what the relay counted too, since it adds it there. Immutable.
 *
 * @param texts those, empty where there is none
 */
record CountedThere(List<String> texts) {
    /** How many texts there are. */
    static final int TEXTS = 11;

    private static final int COUNTED = 7;
    private static final int PRICE = 8;
    private static final int COUNTED_MICRO = 9;
    private static final int PRICE_MICRO = 10;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,15}");
    private static final Pattern DOLLARS = Pattern.compile("\\d{1,9}(\\.\\d{1,40})?");
    private static final double NANO = 1e9;
    private static final long NANO_PER_MICRO = 1_000;

    /** Sums of dollars there are not exact: a smaller part of the relay's own sum is no difference. */
    private static final long PARTS = 1_000_000;

    CountedThere {
        texts = List.copyOf(texts);
    }

    /** What they hold beyond what the relay counted itself; where they hold less, nothing. */
    UsageTotals beyond(UsageTotals own) {
        Tokens mine = own.tokens();
        long hours = number(6);
        Tokens tokens = new Tokens(
                more(number(1), mine.input()),
                more(number(2), mine.output()),
                more(Math.max(number(5), number(3) - hours), mine.cacheWrite5m()),
                more(hours, mine.cacheWrite1h()),
                more(number(4), mine.cacheRead()));
        long counted = more(COUNTED, COUNTED_MICRO, own.countedNanoUsd(), own).orElse(0);
        long price = unrated()
                ? counted
                : more(PRICE, PRICE_MICRO, own.costNanoUsd(), own).orElse(counted);
        return new UsageTotals(more(number(0), own.attempts()), tokens, price, counted);
    }

    /** Whether there is no price of its own, as far as is known. */
    private boolean unrated() {
        return texts.get(PRICE).isEmpty() && texts.get(PRICE_MICRO).equals(texts.get(COUNTED_MICRO));
    }

    private static long more(long there, long own) {
        return Math.max(0, there - own);
    }

    private OptionalLong more(int dollars, int micros, long nanoUsd, UsageTotals own) {
        long inexact = nanoUsd / PARTS;
        if (DOLLARS.matcher(texts.get(dollars)).matches()) {
            return OptionalLong.of(more(Math.round(Double.parseDouble(texts.get(dollars)) * NANO), nanoUsd, inexact));
        }
        if (!NUMBER.matcher(texts.get(micros)).matches()) {
            return OptionalLong.empty();
        }
        // Each request was rounded.
        long rounded = inexact + own.attempts() * NANO_PER_MICRO / 2;
        return OptionalLong.of(more(number(micros) * NANO_PER_MICRO, nanoUsd, rounded));
    }

    private static long more(long there, long own, long inexact) {
        return there - own > inexact ? there - own : 0;
    }

    private long number(int index) {
        String text = texts.get(index);
        return NUMBER.matcher(text).matches() ? Long.parseLong(text) : 0;
    }
}
