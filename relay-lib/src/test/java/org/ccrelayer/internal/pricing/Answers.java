package org.ccrelayer.internal.pricing;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.ccrelayer.usage.Iteration;
import org.ccrelayer.usage.MeteredAnswer;
import org.ccrelayer.usage.TokenUsage;
import org.ccrelayer.usage.Tokens;
import org.jspecify.annotations.Nullable;

/** An answer in the making: what a metered answer of a test says. Immutable. */
record Answers(
        @Nullable String model,
        @Nullable String stopReason,
        boolean contentStarted,
        Tokens totals,
        long searches,
        long fetches,
        @Nullable String tier,
        @Nullable String speed,
        @Nullable String geo,
        List<Iteration> iterations) {
    /** Input, output, five-minute write, one-hour write, read: a million of each costs exactly the rates. */
    static final Tokens A_MILLION_EACH = new Tokens(1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_000_000);

    static Answers of(@Nullable String model, Tokens totals) {
        return new Answers(model, "end_turn", true, totals, 0, 0, null, null, null, List.of());
    }

    Answers withModel(String model) {
        return new Answers(model, stopReason, contentStarted, totals, searches, fetches, tier, speed, geo, iterations);
    }

    Answers withTotals(Tokens totals) {
        return new Answers(model, stopReason, contentStarted, totals, searches, fetches, tier, speed, geo, iterations);
    }

    Answers searching(long searches, long fetches) {
        return new Answers(model, stopReason, contentStarted, totals, searches, fetches, tier, speed, geo, iterations);
    }

    Answers tier(String tier) {
        return new Answers(model, stopReason, contentStarted, totals, searches, fetches, tier, speed, geo, iterations);
    }

    Answers speed(String speed) {
        return new Answers(model, stopReason, contentStarted, totals, searches, fetches, tier, speed, geo, iterations);
    }

    Answers geo(@Nullable String geo) {
        return new Answers(model, stopReason, contentStarted, totals, searches, fetches, tier, speed, geo, iterations);
    }

    Answers refused(boolean contentStarted) {
        return new Answers(model, "refusal", contentStarted, totals, searches, fetches, tier, speed, geo, iterations);
    }

    Answers withIterations(Iteration... iterations) {
        return new Answers(
                model, stopReason, contentStarted, totals, searches, fetches, tier, speed, geo, List.of(iterations));
    }

    MeteredAnswer metered() {
        TokenUsage usage = new TokenUsage(totals, 0, searches, fetches, tier, speed, geo, iterations);
        return new MeteredAnswer(model, "msg_test", stopReason, true, contentStarted, true, null, 0, usage);
    }

    static Tokens tokens(long input, long output) {
        return new Tokens(input, output, 0, 0, 0);
    }

    static Iteration step(String type, @Nullable String model, long input, long output) {
        return new Iteration(type, model, tokens(input, output));
    }

    static Instant day(String date) {
        return LocalDate.parse(date).atStartOfDay().toInstant(ZoneOffset.UTC);
    }

    static BigDecimal usd(String amount) {
        return new BigDecimal(amount);
    }
}
