package org.ccrelayer.internal.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccrelayer.internal.pricing.Answers.day;
import static org.ccrelayer.internal.pricing.Answers.usd;
import static org.ccrelayer.internal.pricing.PriceFiles.days;
import static org.ccrelayer.internal.pricing.PriceFiles.model;
import static org.ccrelayer.internal.pricing.PriceFiles.row;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.usage.DearestRates;
import org.ccrelayer.usage.RequestTerms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The most that a token can cost, each amount in US dollars per million. */
class DearestRatesTest {
    private static final Instant TODAY = day("2026-11-22");
    private static final RequestTerms PLAIN = new RequestTerms(TODAY, false, false, false, false);

    private final CurrentPrices prices = CurrentPrices.bundled();

    private static BigDecimal perMillion(BigDecimal perToken) {
        return perToken.movePointRight(6);
    }

    private static void assertRates(DearestRates rates, String input, String output) {
        assertThat(perMillion(rates.input())).as("input").isEqualByComparingTo(usd(input));
        assertThat(perMillion(rates.output())).as("output").isEqualByComparingTo(usd(output));
    }

    private static ModelPrices with(JsonObject model) {
        return PriceFile.parse(PriceFiles.bundledBytes(), PriceFiles.with(model).toBytes());
    }

    @ParameterizedTest
    @CsvSource({
        "false,false,false,false,4,20",
        "true,false,false,false,5,20",
        "true,true,false,false,8,20",
        "false,false,true,false,8,40",
        "true,false,true,false,10,40",
        "true,true,true,false,16,40",
        "false,false,false,true,4.4,22",
        "true,true,true,true,17.6,44",
    })
    void aRateAppliesOnlyWhereTheRequestAsksForIt(
            boolean cached, boolean oneHour, boolean fast, boolean us, String input, String output) {
        // Opus 5.5: 4/20/5/8, fast twice that, times 1.1 in the United States.
        RequestTerms terms = new RequestTerms(TODAY, cached, oneHour, fast, us);
        assertRates(prices.dearest("claude-opus-5-5", terms), input, output);
    }

    @Test
    void theDearestPromptBandCounts() {
        assertRates(prices.dearest("claude-haiku-5-5", PLAIN), "0.5", "2.5");
    }

    @Test
    void theNextDayCounts() {
        JsonObject dearer = days("2026-11-24", null).with("input", 100).with("output", 200);
        ModelPrices rising = with(model("claude-x", days(null, "2026-11-24"), dearer));
        assertRates(rising.dearest("claude-x", PLAIN), "1", "2");
        RequestTerms dayBefore = new RequestTerms(Instant.parse("2026-11-23T00:00:00Z"), false, false, false, false);
        assertRates(rising.dearest("claude-x", dayBefore), "100", "200");
        JsonObject cheaper = days("2026-11-23", null).with("input", 0).with("output", 0);
        ModelPrices falling = with(model("claude-x", days(null, "2026-11-23").with("input", 7), cheaper));
        assertRates(falling.dearest("claude-x", PLAIN), "7", "2");
    }

    @Test
    void fastModeCountsWhileItIsOffered() {
        RequestTerms lastDay = new RequestTerms(Instant.parse("2026-11-29T23:59:59Z"), false, false, true, false);
        assertRates(prices.dearest("claude-opus-4-8", lastDay), "10", "50");
        RequestTerms after = new RequestTerms(day("2026-11-30"), false, false, true, false);
        assertRates(prices.dearest("claude-opus-4-8", after), "5", "25");
        assertRates(prices.dearest("claude-sonnet-5-5", after), "2", "10");
    }

    @Test
    void fastModeNeverMakesCheaper() {
        JsonObject fast = row().with("input", 0).with("output", 99);
        for (String name : row().names()) {
            fast = name.startsWith("batch") ? PriceFiles.without(fast, name) : fast;
        }
        ModelPrices table = with(model("claude-x", row()).with("fast_mode", fast));
        assertRates(table.dearest("claude-x", new RequestTerms(TODAY, false, false, true, false)), "1", "99");
    }

    @Test
    void aPlaceNeverMakesCheaper() {
        ModelPrices table = with(model("claude-x", row()).with("us_inference_multiplier", new BigDecimal("0.5")));
        assertRates(table.dearest("claude-x", new RequestTerms(TODAY, false, false, false, true)), "1", "2");
    }

    @Test
    void cacheReadsCountWhereTheyAreDearest() {
        ModelPrices table = with(model("claude-x", row()));
        assertRates(table.dearest("claude-x", PLAIN), "1", "2");
        assertRates(table.dearest("claude-x", new RequestTerms(TODAY, true, false, false, false)), "5", "2");
    }

    @Test
    void unknownModelsHaveTheDearestRatesOfAllSinceTheyMayBeAliases() {
        RequestTerms plain = new RequestTerms(TODAY, false, false, false, false);
        assertRates(prices.dearest("claude-next-9", plain), "15", "75");
        DearestRates rates = prices.dearest("claude-next-9", new RequestTerms(TODAY, true, true, true, true));
        for (String listed : List.of("claude-opus-4-1", "claude-opus-5", "claude-sonnet-5-5", "claude-haiku-4-5")) {
            DearestRates own = prices.dearest(listed, new RequestTerms(TODAY, true, true, true, true));
            assertThat(own.max(rates)).as(listed).isEqualTo(rates);
        }
        assertThat(rates.webSearch()).isEqualByComparingTo("0.01");
        assertThat(rates.contextWindow()).isEqualTo(1_000_000);
        assertThat(rates.maxOutput()).isEqualTo(128_000);
    }

    @Test
    void windowAndOutputAreTheModels() {
        DearestRates rates = prices.dearest("us.anthropic.claude-sonnet-4-5-20250929-v1:0", PLAIN);
        assertThat(rates.contextWindow()).isEqualTo(200_000);
        assertThat(rates.maxOutput()).isEqualTo(64_000);
        assertThat(prices.dearest("claude-3-haiku-20240307", PLAIN).maxOutput()).isEqualTo(128_000);
    }

    @Test
    void aModelHasAFamilyInAnySpelling() {
        assertThat(prices.family("CLAUDE-Opus-5-5[1m]")).contains("opus");
        assertThat(prices.family("claude-next-9")).isEmpty();
        assertThat(with(model("claude-x", row()).with("family", "Opus")).family("claude-x"))
                .contains("opus");
    }
}
