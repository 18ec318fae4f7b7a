package org.ccrelayer.internal.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccrelayer.internal.pricing.Answers.day;
import static org.ccrelayer.internal.pricing.Answers.step;
import static org.ccrelayer.internal.pricing.Answers.tokens;
import static org.ccrelayer.internal.pricing.Answers.usd;

import org.ccrelayer.usage.Cost;
import org.junit.jupiter.api.Test;

/** Which iterations of an answer are charged, and at whose rates. */
class IterationsTest {
    private final CurrentPrices prices = CurrentPrices.bundled();

    private Cost price(Answers answer) {
        return prices.price(answer.metered(), "claude-not-asked", day("2026-11-22"));
    }

    @Test
    void withoutIterationsTheTopLevelIsCharged() {
        assertThat(price(Answers.of("claude-opus-5", tokens(1_000_000, 0)).withIterations())
                        .total())
                .isEqualByComparingTo(usd("5"));
    }

    @Test
    void aCompactionIsChargedAtTheMessagesModelAlthoughTheTopLevelLeavesItOut() {
        // Opus 5: (180,000 + 23,000) x 5 / 1M + (3,500 + 1,000) x 25 / 1M = 1.015 + 0.1125
        Answers answer = Answers.of("claude-opus-5", tokens(23_000, 1_000))
                .withIterations(
                        step("compaction", null, 180_000, 3_500), step("message", "claude-opus-5", 23_000, 1_000));
        Cost cost = price(answer);
        assertThat(cost.input()).isEqualByComparingTo(usd("1.015"));
        assertThat(cost.output()).isEqualByComparingTo(usd("0.1125"));
    }

    @Test
    void anAttemptThatDeclinedIsNotCharged() {
        // Only Opus 5: 1,000 x 5 / 1M + 200 x 25 / 1M = 0.005 + 0.005
        Answers answer = Answers.of("claude-opus-5", tokens(1_000, 200))
                .withIterations(
                        step("message", "claude-fable-5-2", 1_000, 0),
                        step("fallback_message", "claude-opus-5", 1_000, 200));
        assertThat(price(answer).total()).isEqualByComparingTo(usd("0.01"));
    }

    @Test
    void twoMessagesOfDifferentModelsAreAChainToo() {
        // Only Opus 5: 1,000 x 5 / 1M + 200 x 25 / 1M; the first names no model and is the message's own.
        Answers answer = Answers.of("claude-fable-5-2", tokens(1_000, 200))
                .withIterations(step("message", null, 1_000, 0), step("message", "claude-opus-5", 1_000, 200));
        assertThat(price(answer).total()).isEqualByComparingTo(usd("0.01"));
    }

    @Test
    void anAttemptThatStoppedAfterSomeOutputIsCharged() {
        // Fable 5.2: 1,000 x 8 / 1M + 37 x 40 / 1M = 0.008 + 0.00148; Opus 5 as above.
        Answers answer = Answers.of("claude-opus-5", tokens(1_000, 200))
                .withIterations(
                        step("message", "claude-fable-5-2", 1_000, 37),
                        step("fallback_message", "claude-opus-5", 1_000, 200));
        assertThat(price(answer).total()).isEqualByComparingTo(usd("0.01948"));
    }

    @Test
    void aChainInWhichAllDeclinedIsFree() {
        Answers answer = Answers.of("claude-opus-5", tokens(1_000, 0))
                .withIterations(
                        step("message", "claude-fable-5-2", 1_000, 0),
                        step("fallback_message", "claude-opus-5", 1_000, 0))
                .refused(false);
        assertThat(price(answer).total()).isZero();
    }

    @Test
    void aRefusalBeforeOutputIsFreeWithoutAChainToo() {
        Answers answer = Answers.of("claude-opus-5", tokens(1_000, 0))
                .withIterations(step("message", "claude-opus-5", 1_000, 0))
                .refused(false);
        assertThat(price(answer).total()).isZero();
    }

    @Test
    void aLastAttemptThatDeclinedIsFreeEvenAfterOutputOfAnother() {
        // Only Fable 5.2: 1,000 x 8 / 1M + 37 x 40 / 1M
        Answers answer = Answers.of("claude-opus-5", tokens(1_000, 0))
                .withIterations(
                        step("message", "claude-fable-5-2", 1_000, 37),
                        step("fallback_message", "claude-opus-5", 1_000, 0))
                .refused(true);
        assertThat(price(answer).total()).isEqualByComparingTo(usd("0.00948"));
    }

    @Test
    void aFallbackToTheSameModelIsAChain() {
        // Only the second: 1,000 x 5 / 1M + 200 x 25 / 1M
        Answers answer = Answers.of("claude-opus-5", tokens(1_000, 200))
                .withIterations(
                        step("message", "claude-opus-5", 1_000, 0),
                        step("fallback_message", "claude-opus-5", 1_000, 200));
        assertThat(price(answer).total()).isEqualByComparingTo(usd("0.01"));
    }

    @Test
    void theLastAttemptWithoutOutputIsChargedUnlessItRefused() {
        // Opus 5: 1,000 x 5 / 1M
        Answers answer = Answers.of("claude-opus-5", tokens(1_000, 0))
                .withIterations(
                        step("message", "claude-fable-5-2", 1_000, 0),
                        step("fallback_message", "claude-opus-5", 1_000, 0));
        assertThat(price(answer).total()).isEqualByComparingTo(usd("0.005"));
    }

    @Test
    void aTurnOfAToolLoopWithoutOutputIsCharged() {
        // No chain: one model. (1,000 + 3,000) x 5 / 1M + 40 x 25 / 1M = 0.02 + 0.001
        Answers answer = Answers.of("claude-opus-5", tokens(4_000, 40))
                .withIterations(step("message", null, 1_000, 0), step("message", "claude-opus-5", 3_000, 40));
        assertThat(price(answer).total()).isEqualByComparingTo(usd("0.021"));
    }

    @Test
    void stepsWithoutOutputThatAreNoAttemptsAreCharged() {
        // Opus 5: (2,000 + 1,000) x 5 / 1M + 200 x 25 / 1M = 0.015 + 0.005; Sonnet 5 declined.
        Answers answer = Answers.of("claude-opus-5", tokens(1_000, 200))
                .withIterations(
                        step("compaction", null, 2_000, 0),
                        step("message", "claude-sonnet-5", 1_000, 0),
                        step("fallback_message", "claude-opus-5", 1_000, 200));
        assertThat(price(answer).total()).isEqualByComparingTo(usd("0.02"));
    }

    @Test
    void anUnknownModelInOneIterationFlagsTheWhole() {
        // Sonnet 5: 1,000 x 2 / 1M; the advisor at the fallback: 1,000 x 5 / 1M.
        Answers answer = Answers.of("claude-sonnet-5", tokens(1_000, 10))
                .withIterations(
                        step("message", "claude-sonnet-5", 1_000, 10),
                        step("advisor_message", "claude-next-9", 1_000, 10));
        Cost cost = price(answer);
        assertThat(cost.input()).isEqualByComparingTo(usd("0.007"));
        assertThat(cost.unknownModel()).isTrue();
    }

    @Test
    void speedAndPlaceFollowEachStepsOwnModel() {
        // Sonnet 4.5 knows neither: 3. Opus 5 fast in the us: 10 x 1.1 = 11.
        Answers answer = Answers.of("claude-sonnet-4-5", tokens(1_000_000, 0))
                .withIterations(
                        step("message", "claude-sonnet-4-5", 1_000_000, 0),
                        step("advisor_message", "claude-opus-5", 1_000_000, 0))
                .speed("fast")
                .geo("us");
        assertThat(price(answer).total()).isEqualByComparingTo(usd("14"));
    }

    @Test
    void searchesAreAddedOnce() {
        // 2 x 0.01 + (1,000 + 1,000) x 5 / 1M
        Answers answer = Answers.of("claude-opus-5", tokens(2_000, 0))
                .withIterations(step("message", null, 1_000, 0), step("message", null, 1_000, 0))
                .searching(2, 0);
        assertThat(price(answer).total()).isEqualByComparingTo(usd("0.03"));
    }

    @Test
    void iterationsAreBandedByTheRequestWhereItIsLonger() {
        // Haiku 5.5: 60,000 + 60,000 is above 100,000, so 120,000 x 0.5 / 1M, not x 0.1.
        Answers answer = Answers.of("claude-haiku-5-5", tokens(120_000, 0))
                .withIterations(step("message", null, 60_000, 0), step("message", null, 60_000, 0));
        assertThat(price(answer).total()).isEqualByComparingTo(usd("0.06"));
    }

    @Test
    void iterationsAreBandedByThemselvesWhereTheyAreLonger() {
        // The compaction is in the high band, 180,000 x 0.5 / 1M; the message is not, 20,000 x 0.1 / 1M.
        Answers answer = Answers.of("claude-haiku-5-5", tokens(20_000, 0))
                .withIterations(step("compaction", null, 180_000, 0), step("message", null, 20_000, 0));
        assertThat(price(answer).total()).isEqualByComparingTo(usd("0.092"));
    }
}
