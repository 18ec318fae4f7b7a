package org.ccrelayer.internal.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.util.OptionalLong;
import java.util.Random;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.envelope.RequestFacts;
import org.ccrelayer.internal.pricing.CurrentPrices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The most that a request can cost, with amounts worked out by hand. Bodies are written with single quotes. */
class WorstCaseTest {
    private static final Instant TODAY = Instant.parse("2026-11-22T12:00:00Z");
    private static final long IMAGE_TOKENS = 5_000;
    // In nanodollars, Opus 5.5 without the factor of the United States.
    private static final long INPUT = 4_000;
    private static final long OUTPUT = 20_000;
    private static final long SEARCH = 10_000_000;

    private final CurrentPrices prices = CurrentPrices.bundled();

    private WorstCase of(String body) {
        return WorstCase.of(Requests.facts(body), prices, TODAY, IMAGE_TOKENS);
    }

    private static String opus(String members) {
        return "{'model':'claude-opus-5-5','inference_geo':'global'," + members + "}";
    }

    @Test
    void textCountsATokenForEachByte() {
        String body = opus("'max_tokens':1000,'messages':[{'role':'user','content':'hello'}]");
        assertThat(body).hasSize(117);
        // 117 x 4,000 + 1,000 x 20,000
        assertThat(of(body).nanoUsd()).isEqualTo(20_468_000);
    }

    @Test
    void bytesAreBytesOfUtf8() {
        String body = opus("'max_tokens':0,'messages':[{'content':'\u00e9\ud83d\ude80'}]");
        // Two bytes and four, told by Java as one character and two.
        assertThat(of(body).nanoUsd()).isEqualTo((body.length() + 3) * INPUT);
    }

    @Test
    void anUnnamedPlaceMayBeTheDearerOne() {
        String body = "{'model':'claude-opus-5-5','max_tokens':1000}";
        assertThat(body).hasSize(45);
        // (45 x 4,000 + 1,000 x 20,000) x 1.1
        assertThat(of(body).nanoUsd()).isEqualTo(22_198_000);
        String us = "{'model':'claude-opus-5-5','max_tokens':1000,'inference_geo':'us'}";
        assertThat(us).hasSize(66);
        assertThat(of(us).nanoUsd()).isEqualTo(22_290_400);
    }

    @Test
    void anAmountIsRoundedUp() {
        String body = "{'model':'claude-haiku-5-5','max_tokens':0,'cache_control':{}}";
        assertThat(body).hasSize(62);
        // 62 x 687.5 = 42,625 exactly; one byte more is 43,312.5.
        assertThat(of(body).nanoUsd()).isEqualTo(42_625);
        assertThat(of(body + " ").nanoUsd()).isEqualTo(43_313);
    }

    @Test
    void cachesAndHighSpeedCountWhereAskedFor() {
        String cached = opus("'max_tokens':0,'cache_control':{}");
        assertThat(of(cached).nanoUsd()).isEqualTo(cached.length() * 5_000L);
        String oneHour = opus("'max_tokens':0,'cache_control':{'ttl':'1h'}");
        assertThat(of(oneHour).nanoUsd()).isEqualTo(oneHour.length() * 8_000L);
        String fast = opus("'max_tokens':1,'speed':'fast'");
        assertThat(of(fast).nanoUsd()).isEqualTo(fast.length() * 8_000L + 40_000);
    }

    @Test
    void anImageCountsItsMaximumInPlaceOfItsData() {
        String body = opus("'max_tokens':1,'messages':[{'content':[{'type':'image','source':{'type':'base64','data':'"
                + "A".repeat(100_000) + "'}}]}]");
        long text = body.length() - 100_000;
        assertThat(of(body).nanoUsd()).isEqualTo((text + 5_000) * INPUT + OUTPUT);
        RequestFacts facts = Requests.facts(body);
        assertThat(WorstCase.of(facts, prices, TODAY, 7_000).nanoUsd()).isEqualTo((text + 7_000) * INPUT + OUTPUT);
    }

    @Test
    void withoutMaxTokensTheModelsOwnMaximumCounts() {
        String body = opus("'messages':[]");
        assertThat(of(body).nanoUsd()).isEqualTo(body.length() * INPUT + 128_000 * OUTPUT);
    }

    @Test
    void hiddenTextsCountForToolsAndFormsOfOutput() {
        String custom = opus("'max_tokens':1,'tools':[{'name':'a'}]");
        assertThat(of(custom).nanoUsd()).isEqualTo((custom.length() + 1_000) * INPUT + OUTPUT);
        String typed = opus("'max_tokens':1,'tools':[{'type':'bash_1'},{'type':'memory_1'},{'name':'a'}]");
        assertThat(of(typed).nanoUsd()).isEqualTo((typed.length() + 5_000) * INPUT + OUTPUT);
        String format = opus("'max_tokens':1,'output_config':{'format':{}}");
        assertThat(of(format).nanoUsd()).isEqualTo((format.length() + 1_000) * INPUT + OUTPUT);
    }

    @Test
    void repeatedDefinitionsOfToolsCount() {
        String body = opus("'max_tokens':1,'tools':[{'name':'a'}],'messages':[{'content':["
                + "{'type':'tool_reference'},{'type':'tool_reference'}]}]");
        long repeated = 2L * "{'name':'a'}".length();
        assertThat(of(body).nanoUsd()).isEqualTo((body.length() + 1_000 + repeated) * INPUT + OUTPUT);
    }

    @Test
    void serverToolsCountAWindowForEachCallAndAFeeForEachUse() {
        String body = opus("'max_tokens':1000,'tools':[{'type':'web_search_20250305','max_uses':3}]");
        // 4 calls of 1,000,000 x 4,000 + 1,000 x 20,000 and 3 searches
        assertThat(of(body).nanoUsd()).isEqualTo(16_000_000_000L + 80_000_000 + 3 * SEARCH);
        String never = opus("'max_tokens':1000,'tools':[{'type':'web_search_20250305','max_uses':0}]");
        assertThat(of(never).nanoUsd()).isEqualTo(4_000_000_000L + 20_000_000);
    }

    @Test
    void whatTheBytesDoNotBoundIsTheWholeWindow() {
        String pdf = opus("'max_tokens':1,'messages':[{'content':[{'type':'document','source':{'type':'base64'}}]}]");
        assertThat(of(pdf).nanoUsd()).isEqualTo(1_000_000 * INPUT + OUTPUT);
        String longer = opus("'max_tokens':1,'container':'c','x':'" + "x".repeat(1_000_000) + "'");
        assertThat(of(longer).nanoUsd()).isEqualTo(longer.length() * INPUT + OUTPUT);
    }

    @Test
    void whatAThreadGoesOnFromMayBeCachedForAnHour() {
        String goesOn = opus("'max_tokens':1,'thread':{'type':'continue','previous_message_id':'msg'}");
        assertThat(of(goesOn).nanoUsd()).isEqualTo(1_000_000 * 8_000L + OUTPUT);
        assertThat(of(opus("'max_tokens':1,'thread':{'type':'create'}")).nanoUsd())
                .isEqualTo(1_000_000 * INPUT + OUTPUT);
    }

    @Test
    void unknownModelsCountAtTheDearestRatesOfAll() {
        String body = "{'model':'claude-next-9','max_tokens':10,'inference_geo':'global'}";
        assertThat(of(body).nanoUsd()).isEqualTo(body.length() * 15_000L + 10 * 75_000);
    }

    @Test
    void anAbsurdBoundIsTheLargestThereIs() {
        StringBuilder tools = new StringBuilder("{'type':'x','max_uses':1000000}");
        for (int i = 0; i < 999; i++) {
            tools.append(",{'type':'x','max_uses':1000000}");
        }
        WorstCase bound = of(opus("'max_tokens':1000000000,'tools':[" + tools + "]"));
        assertThat(bound.nanoUsd()).isEqualTo(Long.MAX_VALUE);
        // c = 1,000,000,001 calls: (2^63 - 2 - c x 1,000,000 x 4,000 - (c - 1) x 10,000,000) / (c x 20,000)
        assertThat(bound.largestMaxTokens(Long.MAX_VALUE - 1)).hasValue(260_668);
        RequestFacts facts = Requests.facts(opus("'max_tokens':1,'messages':[{'content':[{'type':'image'}]}]"));
        assertThat(WorstCase.of(facts, prices, TODAY, Long.MAX_VALUE).nanoUsd()).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'tools':[{},{'type':'web_search_1'}]"
                        + "|tools[1].max_uses: must be a whole number from 0 to 1000000, or the tool be left out",
                "'tools':[{'type':'advisor_1','max_uses':1}]|tools[0].type: must not be that of an advisor",
                "'mcp_servers':[{'type':'url'}]|mcp_servers: must be left out",
                "'fallbacks':'default'|fallbacks: must be left out",
                "'compaction':{'type':'summarize'}|compaction: must be left out",
                "'context_management':{'edits':[{'type':'compact_1'}]}"
                        + "|context_management: must have no edit that compacts, or be left out",
            })
    void aRequestWithoutABoundIsRefusedNamingTheField(String members, String message) {
        RelayException refusal = catchThrowableOfType(RelayException.class, () -> of(opus(members)));
        assertThat(refusal.outcome()).isEqualTo(Outcome.INVALID_REQUEST);
        assertThat(refusal.safeMessage())
                .isEqualTo(message + ". The budget of this relay key is strict: the most that a request can cost must"
                        + " be known before it is sent.");
    }

    @Test
    void theLargestMaxTokensFitsAndOneMoreDoesNot() {
        Random random = new Random(3);
        for (int i = 0; i < 300; i++) {
            String model = random.nextBoolean() ? "claude-haiku-5-5" : "claude-opus-5-5";
            String tools = random.nextBoolean() ? "[]" : "[{'type':'web_search_1','max_uses':3}]";
            // Nine digits at all times, so that the body keeps its length.
            String body = "{'model':'" + model + "','tools':" + tools + ",'cache_control':{},'max_tokens':%s}";
            long left = of(body.formatted(wide(1))).nanoUsd() + random.nextInt(2_000_000_000);
            long largest =
                    of(body.formatted(wide(128_000))).largestMaxTokens(left).orElseThrow();
            assertThat(of(body.formatted(wide(largest))).nanoUsd()).isLessThanOrEqualTo(left);
            assertThat(of(body.formatted(wide(largest + 1))).nanoUsd()).isGreaterThan(left);
        }
    }

    private static String wide(long tokens) {
        String digits = Long.toString(tokens);
        return " ".repeat(9 - digits.length()) + digits;
    }

    @Test
    void nothingFitsWhereNotEvenATokenOfOutputDoes() {
        String body = opus("'max_tokens':1");
        WorstCase bound = of(body);
        long least = body.length() * INPUT + OUTPUT;
        assertThat(bound.largestMaxTokens(least)).hasValue(1);
        assertThat(bound.largestMaxTokens(least - 1)).isEqualTo(OptionalLong.empty());
        assertThat(bound.largestMaxTokens(0)).isEmpty();
        assertThat(bound.largestMaxTokens(-5)).isEmpty();
    }

    @Test
    void anImageHasSomeTokens() {
        RequestFacts facts = Requests.facts(opus("'max_tokens':1"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WorstCase.of(facts, prices, TODAY, 0))
                .withMessage("imageTokens: must be at least 1");
    }
}
