package org.ccrelayer.internal.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.ccrelayer.usage.Cost;
import org.ccrelayer.usage.Iteration;
import org.ccrelayer.usage.Tokens;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** What holds for every answer, tried on random ones from fixed seeds. */
class CostPropertiesTest {
    private static final List<String> STEP_TYPES =
            List.of("message", "fallback_message", "compaction", "advisor_message");
    private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");

    private static final ModelPrices PRICES = CurrentPrices.bundled().table();
    private static final List<String> MODELS = Stream.concat(
                    PriceFiles.bundled().objects("models").stream()
                            .map(model -> model.string("id").orElseThrow()),
                    Stream.of("claude-unheard-of"))
            .toList();

    @RepeatedTest(300)
    void moreTokensOfAnyClassNeverCostLess(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Answers answer = answer(random);
        Instant at = at(random);
        Cost cost = PRICES.price(answer.metered(), "x", at);
        for (int i = 0; i < 5; i++) {
            long more = random.nextLong(200_000) + 1;
            Tokens[] extra = {
                new Tokens(more, 0, 0, 0, 0),
                new Tokens(0, more, 0, 0, 0),
                new Tokens(0, 0, more, 0, 0),
                new Tokens(0, 0, 0, more, 0),
                new Tokens(0, 0, 0, 0, more)
            };
            Answers larger = with(answer, answer.totals().plus(extra[i]), List.of());
            Cost largerCost = PRICES.price(larger.metered(), "x", at);
            assertThat(largerCost.total()).isGreaterThan(cost.total());
            assertThat(largerCost.nanoUsd()).isGreaterThanOrEqualTo(cost.nanoUsd());
        }
    }

    @RepeatedTest(300)
    void iterationsCostTheSumOfTheirParts(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Answers answer = answer(random);
        Instant at = at(random);
        List<Iteration> iterations = new ArrayList<>();
        Cost sum = Cost.ZERO;
        for (int i = random.nextInt(4) + 1; i > 0; i--) {
            // Some output in each, so that none is a declined attempt; prompts too short for a second band.
            Tokens tokens = new Tokens(random.nextInt(9_000), random.nextInt(9_000) + 1, 0, 0, random.nextInt(9_000));
            String model = MODELS.get(random.nextInt(MODELS.size()));
            iterations.add(new Iteration(STEP_TYPES.get(random.nextInt(STEP_TYPES.size())), model, tokens));
            Answers alone = with(answer, tokens, List.of());
            sum = sum.plus(PRICES.price(alone.withModel(model).metered(), "x", at));
        }
        Cost whole = PRICES.price(with(answer, Tokens.NONE, iterations).metered(), "x", at);
        assertThat(whole.total()).isEqualByComparingTo(sum.total());
        assertThat(whole.unknownModel()).isEqualTo(sum.unknownModel());
    }

    @RepeatedTest(100)
    void whatIsUsedIsNeverFreeAndUnknownModelsAreFlagged(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Answers answer = answer(random);
        Cost cost = PRICES.price(answer.metered(), "x", at(random));
        assertThat(cost.total()).isPositive();
        assertThat(cost.unknownModel()).isEqualTo("claude-unheard-of".equals(answer.model()));
    }

    private Answers answer(Random random) {
        Tokens tokens = new Tokens(
                random.nextInt(120_000) + 1,
                random.nextInt(5_000),
                random.nextInt(5_000),
                random.nextInt(5_000),
                random.nextInt(90_000));
        Answers answer = Answers.of(MODELS.get(random.nextInt(MODELS.size())), tokens);
        answer = random.nextBoolean() ? answer.tier("batch") : answer;
        answer = random.nextBoolean() ? answer.speed("fast") : answer;
        return random.nextBoolean() ? answer.geo("us") : answer;
    }

    private static Answers with(Answers answer, Tokens totals, List<Iteration> iterations) {
        return answer.withTotals(totals).withIterations(iterations.toArray(Iteration[]::new));
    }

    private static Instant at(Random random) {
        return FROM.plus(Duration.ofHours(random.nextInt(24 * 365)));
    }
}
