package org.ccrelayer.internal.settlement;

import static java.util.Objects.requireNonNull;

import java.time.InstantSource;
import java.util.List;
import org.ccrelayer.usage.Cost;
import org.ccrelayer.usage.Iteration;
import org.ccrelayer.usage.MeteredAnswer;
import org.ccrelayer.usage.PriceTable;
import org.ccrelayer.usage.TokenUsage;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageRecord.State;
import org.ccrelayer.usage.UsageStore;

/** Prices attempts that are over and books each as one row. Safe for concurrent use; does not block. */
public final class UsageLedger {
    /** What stands in for a token where an answer broke off before the upstream counted its output. */
    private static final long CHARACTERS_PER_TOKEN = 4;

    private final UsageStore rows;
    private final PriceTable prices;
    private final InstantSource clock;

    /** Books into {@code rows} at {@code prices}. */
    public UsageLedger(UsageStore rows, PriceTable prices, InstantSource clock) {
        this.rows = requireNonNull(rows, "rows");
        this.prices = requireNonNull(prices, "prices");
        this.clock = requireNonNull(clock, "clock");
    }

    /** Books an attempt and tells what was booked. */
    public UsageRecord settle(AttemptEnd attempt) {
        State state = state(attempt);
        MeteredAnswer answer = billed(attempt.answer(), state);
        Cost cost = state == State.FINAL || state == State.ESTIMATED
                ? prices.price(answer, attempt.requestedModel(), attempt.startedAt())
                : Cost.ZERO;
        UsageRecord row = new UsageRecord(
                attempt.attemptId(),
                attempt.exchangeId(),
                attempt.keyId(),
                attempt.accountId(),
                answer.model() == null ? attempt.requestedModel() : answer.model(),
                state,
                tokens(answer.usage()),
                answer.usage().webSearchRequests(),
                cost.nanoUsd(),
                cost.unknownModel(),
                attempt.startedAt(),
                clock.instant());
        rows.record(row);
        return row;
    }

    private static State state(AttemptEnd attempt) {
        MeteredAnswer answer = attempt.answer();
        if (!attempt.sent() || attempt.refused()) {
            return State.VOID;
        }
        if (answer.complete()) {
            return refusedBeforeOutput(answer) ? State.VOID : State.FINAL;
        }
        return answer.started() ? State.ESTIMATED : State.UNKNOWN;
    }

    private static boolean refusedBeforeOutput(MeteredAnswer answer) {
        return "refusal".equals(answer.stopReason())
                && !answer.contentStarted()
                && answer.usage().totals().output() == 0
                && answer.usage().iterations().isEmpty();
    }

    /** What is billed of an answer: all of it, none of it, or its beginning with the output counted in characters. */
    private static MeteredAnswer billed(MeteredAnswer answer, State state) {
        if (state == State.FINAL) {
            return answer;
        }
        if (state != State.ESTIMATED) {
            return withUsage(answer, TokenUsage.NONE);
        }
        TokenUsage usage = answer.usage();
        long seen = (answer.outputCharacters() + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN;
        long output = Math.max(usage.totals().output(), seen);
        return withUsage(
                answer,
                new TokenUsage(
                        usage.totals().withOutput(output),
                        usage.thinkingTokens(),
                        usage.webSearchRequests(),
                        usage.webFetchRequests(),
                        usage.serviceTier(),
                        usage.speed(),
                        usage.inferenceGeo(),
                        List.of()));
    }

    private static MeteredAnswer withUsage(MeteredAnswer answer, TokenUsage usage) {
        return new MeteredAnswer(
                answer.model(),
                answer.messageId(),
                answer.stopReason(),
                answer.started(),
                answer.contentStarted(),
                answer.complete(),
                answer.errorType(),
                answer.outputCharacters(),
                usage);
    }

    private static Tokens tokens(TokenUsage usage) {
        return usage.iterations().isEmpty()
                ? usage.totals()
                : usage.iterations().stream().map(Iteration::tokens).reduce(Tokens.NONE, Tokens::plus);
    }
}
