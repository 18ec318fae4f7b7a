package org.ccrelayer.internal.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccrelayer.internal.pricing.Answers.A_MILLION_EACH;
import static org.ccrelayer.internal.pricing.Answers.day;
import static org.ccrelayer.internal.pricing.Answers.tokens;
import static org.ccrelayer.internal.pricing.Answers.usd;

import java.time.Instant;
import org.ccrelayer.usage.Cost;
import org.ccrelayer.usage.MeteredAnswer;
import org.ccrelayer.usage.Tokens;
import org.junit.jupiter.api.Test;

/** The pricing rules, each with an amount worked out by hand. */
class PricingRulesTest {
    private static final Instant TODAY = day("2026-11-22");

    private final CurrentPrices prices = CurrentPrices.bundled();

    private Cost price(Answers answer) {
        return price(answer, TODAY);
    }

    private Cost price(Answers answer, Instant at) {
        return prices.price(answer.metered(), "claude-not-asked", at);
    }

    private static void assertCost(Cost cost, String... amounts) {
        assertThat(cost.input()).as("input").isEqualByComparingTo(usd(amounts[0]));
        assertThat(cost.output()).as("output").isEqualByComparingTo(usd(amounts[1]));
        assertThat(cost.cacheWrite5m()).as("5m write").isEqualByComparingTo(usd(amounts[2]));
        assertThat(cost.cacheWrite1h()).as("1h write").isEqualByComparingTo(usd(amounts[3]));
        assertThat(cost.cacheRead()).as("cache read").isEqualByComparingTo(usd(amounts[4]));
    }

    @Test
    void cacheReadsAreNotDerivedFromTheInput() {
        // Fable 5.2: 0.2 = 0.025 x 8; a derived 0.1 x 8 would be 0.8.
        assertCost(price(Answers.of("claude-fable-5-2", A_MILLION_EACH)), "8", "40", "10", "16", "0.2");
        // Opus 5.5: 0.2 = 0.05 x 4.
        assertCost(price(Answers.of("claude-opus-5-5", A_MILLION_EACH)), "4", "20", "5", "8", "0.2");
    }

    @Test
    void theCacheWritesOfHaiku3AreItsOwn() {
        // 1.25 x 0.25 would be 0.3125.
        assertCost(price(Answers.of("claude-3-haiku-20240307", A_MILLION_EACH)), "0.25", "1.25", "0.3", "0.5", "0.03");
    }

    @Test
    void aBatchHalvesEveryTokenClass() {
        // Opus 5: 5/2, 25/2, 6.25/2, 10/2, 0.5/2.
        Answers answer = Answers.of("claude-opus-5", A_MILLION_EACH).tier("batch");
        assertCost(price(answer), "2.5", "12.5", "3.125", "5", "0.25");
    }

    @Test
    void aBatchItemIsNeverFast() {
        // The batch rates of Opus 5.5 (2/10/2.5/4/0.1), not 8/40/10/16/0.4 nor half of that.
        Answers answer =
                Answers.of("claude-opus-5-5", A_MILLION_EACH).tier("batch").speed("fast");
        assertCost(price(answer), "2", "10", "2.5", "4", "0.1");
    }

    @Test
    void fastModeReplacesEveryRate() {
        Answers answer = Answers.of("claude-fable-5-2", A_MILLION_EACH).speed("fast");
        assertCost(price(answer), "16", "80", "20", "32", "0.4");
    }

    @Test
    void standardSpeedIsStandardOnAModelThatCanBeFast() {
        Answers answer = Answers.of("claude-fable-5-2", A_MILLION_EACH).speed("standard");
        assertCost(price(answer), "8", "40", "10", "16", "0.2");
    }

    @Test
    void fastModeEndsOnItsDay() {
        // Opus 4.8: fast until 2026-11-29, standard from 2026-11-30.
        Answers answer =
                Answers.of("claude-opus-4-8", tokens(1_000_000, 1_000_000)).speed("fast");
        Cost lastFastDay = price(answer, day("2026-11-30").minusMillis(1));
        Cost firstStandardDay = price(answer, day("2026-11-30"));
        assertThat(lastFastDay.total()).isEqualByComparingTo(usd("60")); // 10 + 50
        assertThat(firstStandardDay.total()).isEqualByComparingTo(usd("30")); // 5 + 25
    }

    @Test
    void aModelWithoutFastModeBillsAsStandard() {
        Answers answer = Answers.of("claude-opus-4-6", A_MILLION_EACH).speed("fast");
        assertCost(price(answer), "5", "25", "6.25", "10", "0.5");
    }

    @Test
    void inferenceInTheUnitedStatesCostsATenthMore() {
        // Opus 5.5: 4 x 1.1, 20 x 1.1, 5 x 1.1, 8 x 1.1, 0.2 x 1.1.
        Answers answer = Answers.of("claude-opus-5-5", A_MILLION_EACH).geo("us");
        assertCost(price(answer), "4.4", "22", "5.5", "8.8", "0.22");
        assertCost(price(answer.geo("global")), "4", "20", "5", "8", "0.2");
        assertCost(price(answer.geo(null)), "4", "20", "5", "8", "0.2");
    }

    @Test
    void olderModelsKnowNoPlace() {
        Answers answer = Answers.of("claude-opus-4-5", A_MILLION_EACH).geo("us");
        assertCost(price(answer), "5", "25", "6.25", "10", "0.5");
    }

    @Test
    void placeMultipliesFastAndBatchRates() {
        Answers answer = Answers.of("claude-opus-5", tokens(1_000_000, 100_000)).geo("us");
        // (10 + 50 x 0.1) x 1.1 = 16.5
        assertThat(price(answer.speed("fast")).total()).isEqualByComparingTo(usd("16.5"));
        // (2.5 + 12.5 x 0.1) x 1.1 = 4.125
        assertThat(price(answer.tier("batch")).total()).isEqualByComparingTo(usd("4.125"));
    }

    @Test
    void longPromptsCostNoMoreThanShortOnes() {
        // 900,000 x 3 / 1M on Sonnet 4.6 and, since the surcharge above 200,000 ended, on Sonnet 4.5.
        assertThat(price(Answers.of("claude-sonnet-4-6", tokens(900_000, 0))).total())
                .isEqualByComparingTo(usd("2.7"));
        assertThat(price(Answers.of("claude-sonnet-4-5", tokens(900_000, 0))).total())
                .isEqualByComparingTo(usd("2.7"));
    }

    @Test
    void theWholePromptChoosesTheBandOfAllTokens() {
        // 30,000 + 20,000 + 10,000 + 40,001 = 100,001: high band, output included.
        Tokens tokens = new Tokens(30_000, 1_000, 20_000, 10_000, 40_001);
        // 0.03 x 0.5, 0.001 x 2.5, 0.02 x 0.625, 0.01 x 1, 0.040001 x 0.05
        assertCost(price(Answers.of("claude-haiku-5-5", tokens)), "0.015", "0.0025", "0.0125", "0.01", "0.00200005");
        // One read fewer: low band. 0.03 x 0.1, 0.001 x 0.5, 0.02 x 0.125, 0.01 x 0.2, 0.04 x 0.01
        Tokens shorter = new Tokens(30_000, 1_000, 20_000, 10_000, 40_000);
        assertCost(price(Answers.of("claude-haiku-5-5", shorter)), "0.003", "0.0005", "0.0025", "0.002", "0.0004");
    }

    @Test
    void theOutputDoesNotChooseTheBand() {
        // 100,000 x 0.1 / 1M + 50,000 x 0.5 / 1M = 0.01 + 0.025
        assertThat(price(Answers.of("claude-haiku-5-5", tokens(100_000, 50_000)))
                        .total())
                .isEqualByComparingTo(usd("0.035"));
    }

    @Test
    void theHighBandOfABatchIsHalvedToo() {
        // 200,000 x 0.25 / 1M + 1,000 x 1.25 / 1M = 0.05 + 0.00125
        Answers answer = Answers.of("claude-haiku-5-5", tokens(200_000, 1_000)).tier("batch");
        assertThat(price(answer).total()).isEqualByComparingTo(usd("0.05125"));
    }

    @Test
    void theSearchFeeIsTheSameInABatchAtSpeedAndInTheUnitedStates() {
        // 7 x 0.01; fetches are free.
        Answers answer = Answers.of("claude-opus-5", Tokens.NONE).searching(7, 9);
        assertThat(price(answer).total()).isEqualByComparingTo(usd("0.07"));
        assertThat(price(answer.tier("batch").geo("us")).total()).isEqualByComparingTo(usd("0.07"));
        assertThat(price(answer.speed("fast").geo("us")).total()).isEqualByComparingTo(usd("0.07"));
    }

    @Test
    void aNegativeSearchCountMakesNothingCheaper() {
        Answers answer = Answers.of("claude-opus-5", tokens(1_000_000, 0)).searching(-5, 0);
        assertThat(price(answer).total()).isEqualByComparingTo(usd("5"));
    }

    @Test
    void anAnswerWithoutUsageIsFree() {
        // Such as that of a token count, or of a batch item that errored, expired or was cancelled.
        Cost cost = prices.price(MeteredAnswer.NOTHING, "claude-opus-5", TODAY);
        assertThat(cost.total()).isZero();
    }

    @Test
    void aRefusalIsFreeOnlyBeforeAnyOutput() {
        Answers answer = Answers.of("claude-opus-5", tokens(1_000_000, 0));
        assertThat(price(answer.refused(false)).total()).isZero();
        // Content was delivered, so the input is charged although no output was counted.
        assertThat(price(answer.refused(true)).total()).isEqualByComparingTo(usd("5"));
        // Output was counted although no content was delivered: 5 + 25.
        Answers counted = Answers.of("claude-opus-5", tokens(1_000_000, 1_000_000));
        assertThat(price(counted.refused(false)).total()).isEqualByComparingTo(usd("30"));
        // No output, but no refusal either: a prompt cache was warmed.
        assertThat(price(answer).total()).isEqualByComparingTo(usd("5"));
    }

    @Test
    void thePriorityTierCountsAtTheStandardList() {
        Answers answer = Answers.of("claude-opus-5", A_MILLION_EACH).tier("priority");
        assertCost(price(answer), "5", "25", "6.25", "10", "0.5");
    }

    @Test
    void regionalPlatformIdsCountAtTheList() {
        // No tenth on top for eu. or us., and us. in a name is no inference_geo.
        assertCost(price(Answers.of("eu.anthropic.claude-opus-5", A_MILLION_EACH)), "5", "25", "6.25", "10", "0.5");
        assertCost(price(Answers.of("us.anthropic.claude-opus-5", A_MILLION_EACH)), "5", "25", "6.25", "10", "0.5");
    }

    @Test
    void everythingTogetherIsExact() {
        // Fable 5.2, fast, us: (123 x 16 + 457 x 80 + 11 x 20 + 13 x 32 + 1009 x 0.4) / 1M x 1.1 + 2 x 0.01
        // = (1968 + 36560 + 220 + 416 + 403.6) / 1M x 1.1 + 0.02 = 0.0395676 x 1.1 + 0.02 = 0.06352436
        Answers answer = Answers.of("claude-fable-5-2", new Tokens(123, 457, 11, 13, 1009))
                .speed("fast")
                .geo("us")
                .searching(2, 1);
        Cost cost = price(answer);
        assertThat(cost.total()).isEqualByComparingTo(usd("0.06352436"));
        assertThat(cost.nanoUsd()).isEqualTo(63_524_360L);
    }

    @Test
    void aRowIsRoundedUpOnceToABillionth() {
        // Haiku 5.5: 1 x 0.01 / 1M x 1.1 = 0.000000011 exactly 11 nano; in a batch 0.0000000055, so 6.
        Answers answer =
                Answers.of("claude-haiku-5-5", new Tokens(0, 0, 0, 0, 1)).geo("us");
        assertThat(price(answer).nanoUsd()).isEqualTo(11);
        assertThat(price(answer.tier("batch")).nanoUsd()).isEqualTo(6);
        // Two parts: 3 x 68.75 + 5.5 = 211.75, so 212; each rounded up would be 207 + 6 = 213.
        Answers parts =
                Answers.of("claude-haiku-5-5", new Tokens(0, 0, 3, 0, 1)).geo("us");
        assertThat(price(parts.tier("batch")).nanoUsd()).isEqualTo(212);
    }

    @Test
    void thePriceIsThatOfTheUtcDayOfTheRequest() {
        // Sonnet 5.5, a million cache reads: 0.2 until 2026-10-06 24:00 UTC, then 0.1.
        Answers answer = Answers.of("claude-sonnet-5-5", new Tokens(0, 0, 0, 0, 1_000_000));
        Instant midnight = Instant.parse("2026-10-07T00:00:00Z");
        assertThat(price(answer, midnight.minusNanos(1)).total()).isEqualByComparingTo(usd("0.2"));
        assertThat(price(answer, midnight).total()).isEqualByComparingTo(usd("0.1"));
    }

    @Test
    void aDayBeforeTheFirstPriceHasTheFirstPrice() {
        Answers answer = Answers.of("claude-sonnet-5-5", A_MILLION_EACH);
        assertCost(price(answer, day("2026-01-01")), "2", "10", "2.5", "4", "0.2");
        assertCost(price(answer, Instant.EPOCH), "2", "10", "2.5", "4", "0.2");
    }

    @Test
    void aRetiredModelKeepsItsPrice() {
        assertCost(price(Answers.of("claude-3-5-haiku-20241022", A_MILLION_EACH)), "0.8", "4", "1", "1.6", "0.08");
    }

    @Test
    void anUnknownModelIsFlaggedAndNeverFree() {
        Cost cost = price(Answers.of("claude-next-9", A_MILLION_EACH));
        assertCost(cost, "5", "25", "6.25", "10", "0.5");
        assertThat(cost.unknownModel()).isTrue();
    }

    @Test
    void aModelThatTheFileNamesAsNotPricedIsUnknown() {
        assertThat(price(Answers.of("claude-mythos-preview", tokens(1, 0))).unknownModel())
                .isTrue();
    }

    @Test
    void anUnknownModelFollowsBatchAndPlace() {
        Answers answer = Answers.of("claude-next-9", A_MILLION_EACH);
        // Half, and 1.1 times, of 5/25/6.25/10/0.5.
        assertCost(price(answer.tier("batch")), "2.5", "12.5", "3.125", "5", "0.25");
        assertCost(price(answer.geo("us")), "5.5", "27.5", "6.875", "11", "0.55");
        assertThat(price(answer.tier("batch")).unknownModel()).isTrue();
    }

    @Test
    void theRequestedModelCountsWhereTheAnswerNamesNone() {
        Cost cost = prices.price(Answers.of(null, tokens(1_000_000, 0)).metered(), "claude-opus-5-5", TODAY);
        assertThat(cost.total()).isEqualByComparingTo(usd("4"));
        assertThat(cost.unknownModel()).isFalse();
    }
}
