package org.ccrelayer.internal.settlement;

import static java.util.Objects.requireNonNull;

import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.ccrelayer.usage.Cost;
import org.ccrelayer.usage.Iteration;
import org.ccrelayer.usage.MeteredAnswer;
import org.ccrelayer.usage.PriceTable;
import org.ccrelayer.usage.TokenUsage;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageRecord.State;
import org.ccrelayer.usage.UsageStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a row for each attempt, prices it when it is over, and books it once. Safe for concurrent use. */
public final class UsageLedger {
    private static final Logger LOG = LoggerFactory.getLogger(UsageLedger.class);

    /** What stands in for a token where an answer broke off before the upstream counted its output. */
    private static final long CHARACTERS_PER_TOKEN = 4;

    private final UsageStore rows;
    private final PriceTable prices;
    private final InstantSource clock;
    private final Consumer<UsageRecord> booked;

    /** Books into {@code rows} at {@code prices}; {@code booked} is told what was booked, and must be quick. */
    public UsageLedger(UsageStore rows, PriceTable prices, InstantSource clock, Consumer<UsageRecord> booked) {
        this.rows = requireNonNull(rows, "rows");
        this.prices = requireNonNull(prices, "prices");
        this.clock = requireNonNull(clock, "clock");
        this.booked = requireNonNull(booked, "booked");
    }

    /**
     * Opens the row of an attempt, before anything is sent.
     *
     * @throws org.ccrelayer.error.RelayException if the row cannot be kept
     */
    public void open(AttemptStart attempt) {
        rows.open(opened(attempt));
    }

    private UsageRecord opened(AttemptStart attempt) {
        return new UsageRecord(
                attempt.attemptId(),
                attempt.exchangeId(),
                attempt.keyId(),
                attempt.accountId(),
                attempt.requestedModel(),
                family(attempt.requestedModel()),
                State.RESERVED,
                Tokens.NONE,
                0,
                0,
                0,
                attempt.worstNanoUsd(),
                attempt.reservedNanoUsd(),
                false,
                attempt.admittedAt(),
                attempt.startedAt(),
                attempt.startedAt());
    }

    /** Says that the answer has begun, before any of it is handed on. */
    public void streaming(String attemptId) {
        rows.streaming(attemptId);
    }

    /** Books an attempt and tells what was booked. */
    public UsageRecord settle(AttemptEnd end) {
        State state = state(end);
        AttemptStart start = end.start();
        MeteredAnswer answer = billed(end.answer(), state);
        Cost cost = state == State.FINAL || state == State.ESTIMATED ? price(answer, start) : Cost.ZERO;
        long nanoUsd = nanoUsd(end, state, cost);
        String model = answer.model() == null ? start.requestedModel() : answer.model();
        UsageRecord row = new UsageRecord(
                start.attemptId(),
                start.exchangeId(),
                start.keyId(),
                start.accountId(),
                model,
                family(model),
                state,
                tokens(answer.usage()),
                answer.usage().webSearchRequests(),
                nanoUsd,
                start.rate().of(nanoUsd),
                start.worstNanoUsd(),
                start.reservedNanoUsd(),
                cost.unknownModel(),
                start.admittedAt(),
                start.startedAt(),
                clock.instant());
        if (!book(row)) {
            LOG.warn("{} was settled before, since it was not heard of for long; it stays as it was.", row.id());
        }
        return row;
    }

    /** Books an attempt of which the figures cannot be worked out, as if nobody knew what became of it. */
    public void giveUp(AttemptStart attempt) {
        book(opened(attempt).lost(clock.instant()));
    }

    private boolean book(UsageRecord row) {
        boolean first = rows.settle(row);
        if (first) {
            booked.accept(row);
        }
        return first;
    }

    /** What is only guessed never exceeds the worst case that was reserved; what the upstream reported is booked as it is. */
    private long nanoUsd(AttemptEnd end, State state, Cost cost) {
        long worst = end.start().worstNanoUsd();
        if (state == State.UNKNOWN) {
            return worst;
        }
        long nanoUsd = cost.nanoUsd();
        if (worst > 0 && nanoUsd > worst) {
            long reported =
                    state == State.ESTIMATED ? price(end.answer(), end.start()).nanoUsd() : nanoUsd;
            nanoUsd = Math.max(reported, worst);
            if (nanoUsd > worst) {
                LOG.error(
                        "{} cost {} nano-USD, more than its worst case {}.",
                        end.start().attemptId(),
                        nanoUsd,
                        worst);
            }
        }
        return nanoUsd;
    }

    private Cost price(MeteredAnswer answer, AttemptStart start) {
        return prices.price(answer, start.requestedModel(), start.startedAt());
    }

    private String family(String model) {
        return prices.family(model).orElse("");
    }

    private static State state(AttemptEnd end) {
        MeteredAnswer answer = end.answer();
        if (!end.sent() || end.refused()) {
            return State.VOID;
        }
        if (answer.complete()) {
            return refusedBeforeOutput(answer) ? State.VOID : State.FINAL;
        }
        if (answer.started()) {
            return State.ESTIMATED;
        }
        // An error in place of an answer is a refusal that came with the wrong status.
        return answer.errorType() == null ? State.UNKNOWN : State.VOID;
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
