package org.ccrelayer.internal.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.ccrelayer.apikey.CountedRate;
import org.ccrelayer.internal.pricing.CurrentPrices;
import org.ccrelayer.internal.store.embedded.EmbeddedStore;
import org.ccrelayer.internal.store.embedded.StoreTime;
import org.ccrelayer.testkit.MovedClock;
import org.ccrelayer.usage.MeteredAnswer;
import org.ccrelayer.usage.TokenUsage;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageRecord.State;
import org.ccrelayer.usage.UsageTotals;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Both amounts of what is booked. */
class UsageLedgerTest {
    private static final String MODEL = "claude-sonnet-5-5";

    /** 1,000 tokens of input and 200 of output at 2 and 10 dollars per million. */
    private static final long PRICE = 4_000_000;

    private final MovedClock clock = new MovedClock(Instant.parse("2026-11-22T10:00:00Z"));
    private final EmbeddedStore store = EmbeddedStore.inMemory(StoreTime.utc(clock));
    private final List<UsageRecord> told = new ArrayList<>();
    private final UsageLedger ledger = new UsageLedger(store.usage(), CurrentPrices.bundled(), clock, told::add);

    @AfterEach
    void close() {
        store.close();
    }

    private AttemptStart open(String exchangeId, String factor, long worst) {
        Instant now = clock.instant();
        AttemptStart start = new AttemptStart(
                exchangeId + "-1",
                exchangeId,
                "k",
                "a",
                MODEL,
                worst,
                new CountedRate(new BigDecimal(factor)),
                now,
                now);
        ledger.open(start);
        return start;
    }

    private static MeteredAnswer answer(boolean complete) {
        TokenUsage usage = TokenUsage.of(new Tokens(1_000, 200, 0, 0, 0));
        return new MeteredAnswer(MODEL, "msg", null, true, true, complete, null, 0, usage);
    }

    private UsageRecord settled(AttemptStart start, MeteredAnswer answer) {
        UsageRecord row = ledger.settle(new AttemptEnd(start, true, false, answer));
        assertThat(store.usage().find(row.id())).contains(row);
        return row;
    }

    @Test
    void a_price_counts_at_the_rate_at_which_its_exchange_was_let_in() {
        UsageRecord row = settled(open("x", "1.2", 0), answer(true));
        assertThat(row.state()).isEqualTo(State.FINAL);
        assertThat(row.costNanoUsd()).isEqualTo(PRICE);
        assertThat(row.countedNanoUsd()).isEqualTo(4_800_000);
        assertThat(store.usage().totalsOfKey("k")).isEqualTo(new UsageTotals(1, row.tokens(), PRICE, 4_800_000));
        assertThat(told).containsExactly(row);
    }

    @Test
    void what_is_not_known_is_booked_with_the_worst_price_and_what_was_reserved() {
        UsageRecord row = settled(open("x", "1.2", 10_000_001), MeteredAnswer.NOTHING);
        assertThat(row.state()).isEqualTo(State.UNKNOWN);
        assertThat(row.costNanoUsd()).isEqualTo(10_000_001);
        assertThat(row.countedNanoUsd()).isEqualTo(12_000_002).isEqualTo(row.reservedNanoUsd());
        AttemptStart free = open("y", "0", 10);
        ledger.giveUp(free);
        UsageRecord given = store.usage().find("y-1").orElseThrow();
        assertThat(given.costNanoUsd()).isEqualTo(10);
        assertThat(given.countedNanoUsd()).isZero();
        assertThat(told).containsExactly(row, given);
    }

    @Test
    void what_is_not_known_and_was_not_reserved_costs_nothing() {
        UsageRecord row = settled(open("x", "1.2", 0), MeteredAnswer.NOTHING);
        assertThat(row.costNanoUsd()).isZero();
        assertThat(row.countedNanoUsd()).isZero();
    }

    @Test
    void a_guess_costs_no_more_than_the_worst_case_whatever_counts_of_it() {
        TokenUsage seen = TokenUsage.of(new Tokens(1_000, 1, 0, 0, 0));
        MeteredAnswer cut = new MeteredAnswer(MODEL, "msg", null, true, true, false, null, 4_000_000, seen);
        for (String factor : new String[] {"0.5", "1", "3"}) {
            UsageRecord row = settled(open("x" + factor, factor, 5_000_000), cut);
            assertThat(row.state()).isEqualTo(State.ESTIMATED);
            assertThat(row.costNanoUsd()).isEqualTo(5_000_000);
            assertThat(row.countedNanoUsd()).isEqualTo(row.reservedNanoUsd());
        }
    }

    @Test
    void a_row_is_told_once() {
        AttemptStart start = open("x", "1", 0);
        UsageRecord row = settled(start, answer(true));
        ledger.settle(new AttemptEnd(start, true, false, answer(true)));
        ledger.giveUp(start);
        assertThat(told).containsExactly(row);
    }
}
