package org.ccrelayer.internal.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.ccrelayer.internal.envelope.RequestFacts;
import org.ccrelayer.internal.pricing.CurrentPrices;
import org.ccrelayer.usage.MeteredAnswer;
import org.ccrelayer.usage.TokenUsage;
import org.ccrelayer.usage.Tokens;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** No answer to a request of text and images costs more than the worst case, tried on random ones from fixed seeds. */
class NeverBilledMoreTest {
    private static final List<String> MODELS = List.of(
            "claude-fable-5-2",
            "claude-opus-5-5",
            "claude-opus-4-8",
            "claude-haiku-5-5",
            "claude-sonnet-5-5",
            "claude-3-haiku-20240307",
            "claude-unheard-of");
    private static final Instant FROM = Instant.parse("2026-09-20T00:00:00Z");
    private static final int IMAGE_TOKENS = 5_000;

    private final CurrentPrices prices = CurrentPrices.bundled();
    private int images;
    private int imageBytes;
    private boolean oneHour;
    private boolean cached;

    @RepeatedTest(500)
    void theBoundHolds(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Instant at = FROM.plus(Duration.ofMinutes(random.nextInt(60 * 24 * 100)));
        String model = MODELS.get(random.nextInt(MODELS.size()));
        boolean fast = random.nextBoolean();
        boolean global = random.nextBoolean();
        int maxTokens = random.nextInt(64_000);
        String body = "{\"model\":\"" + model + "\",\"max_tokens\":" + maxTokens + (fast ? ",\"speed\":\"fast\"" : "")
                + (global ? ",\"inference_geo\":\"global\"" : "") + ",\"messages\":" + messages(random) + "}";
        RequestFacts facts = Requests.facts(body);
        assertThat(facts.cost().imageBytes()).isEqualTo(imageBytes);
        long most = body.length() - imageBytes + (long) images * IMAGE_TOKENS;
        long bound = WorstCase.of(facts, prices, at, IMAGE_TOKENS).nanoUsd();
        for (int i = 0; i < 20; i++) {
            Tokens tokens = tokens(random, i == 0 ? most : (long) (most * random.nextDouble()), maxTokens);
            String speed = fast && random.nextBoolean() ? "fast" : "standard";
            String place = !global && random.nextBoolean() ? "us" : "global";
            TokenUsage usage = new TokenUsage(tokens, 0, 0, 0, "standard", speed, place, List.of());
            MeteredAnswer answer = new MeteredAnswer(model, "msg", "end_turn", true, true, true, null, 0, usage);
            Instant billed = random.nextBoolean() ? at : at.plus(Duration.ofHours(random.nextInt(24)));
            assertThat(prices.price(answer, model, billed).nanoUsd()).isLessThanOrEqualTo(bound);
        }
    }

    private String messages(Random random) {
        StringBuilder messages = new StringBuilder("[");
        for (int i = random.nextInt(4); i >= 0; i--) {
            messages.append("{\"role\":\"user\",\"content\":[")
                    .append(block(random))
                    .append(i == 0 ? "]}" : "]},");
        }
        return messages.append("]").toString();
    }

    private String block(Random random) {
        String block = random.nextBoolean() ? text(random) : image(random);
        return random.nextInt(3) > 0 ? block : "{\"type\":\"tool_result\",\"content\":[" + block + "]}";
    }

    private String text(Random random) {
        return "{\"type\":\"text\",\"text\":\"" + "x".repeat(random.nextInt(30_000)) + "\"" + cache(random) + "}";
    }

    private String image(Random random) {
        int length = random.nextInt(60_000);
        images++;
        imageBytes += length;
        String type = "\"type\":\"image\"";
        String source = "\"source\":{\"type\":\"base64\",\"data\":\"" + "A".repeat(length) + "\"}";
        return "{" + (random.nextBoolean() ? type + "," + source : source + "," + type) + cache(random) + "}";
    }

    private String cache(Random random) {
        int kind = random.nextInt(6);
        cached |= kind < 2;
        oneHour |= kind == 1;
        return kind > 1 ? "" : ",\"cache_control\":{\"type\":\"ephemeral\"" + (kind == 1 ? ",\"ttl\":\"1h\"}" : "}");
    }

    /** All of the prompt in one class, or spread over those that the request allows. */
    private Tokens tokens(Random random, long prompt, int maxTokens) {
        long fiveMinutes = cached ? part(random, prompt) : 0;
        long hour = oneHour ? part(random, prompt - fiveMinutes) : 0;
        long read = cached ? part(random, prompt - fiveMinutes - hour) : 0;
        int output = random.nextBoolean() ? maxTokens : random.nextInt(maxTokens + 1);
        return new Tokens(prompt - fiveMinutes - hour - read, output, fiveMinutes, hour, read);
    }

    private static long part(Random random, long of) {
        return switch (random.nextInt(3)) {
            case 0 -> 0;
            case 1 -> of;
            default -> (long) (of * random.nextDouble());
        };
    }
}
