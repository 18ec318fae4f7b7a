package org.ccrelayer.internal.admission;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.OptionalLong;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.envelope.CostFacts;
import org.ccrelayer.internal.envelope.RequestFacts;
import org.ccrelayer.usage.Cost;
import org.ccrelayer.usage.DearestRates;
import org.ccrelayer.usage.PriceTable;
import org.ccrelayer.usage.RequestTerms;

/**
 * The most that a request can cost, known before it is sent. Text counts one token for each byte, images and hidden texts
 * their maximum, and what the bytes do not bound counts the model's whole context window, each time the model is called; all
 * at the dearest rate that can apply. Immutable.
 */
public final class WorstCase {
    /** The most {@code max_tokens} that is ever told. */
    private static final long MAX_TOKENS = 1_000_000_000L;

    // What the upstream tells the model unseen: how tools and forms of output work, and what each typed tool is.
    private static final long INSTRUCTION_TOKENS = 1_000;
    private static final long TYPED_TOOL_TOKENS = 2_000;
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    private final BigDecimal withoutOutput;
    private final BigDecimal perOutputToken;
    private final long maxTokens;

    /** All in billionths of a dollar, exact: the cost but for the output, and the cost of a token of {@code max_tokens}. */
    private WorstCase(BigDecimal withoutOutput, BigDecimal perOutputToken, long maxTokens) {
        this.withoutOutput = withoutOutput;
        this.perOutputToken = perOutputToken;
        this.maxTokens = maxTokens;
    }

    /**
     * The worst case of a request.
     *
     * @param at when it is made
     * @param imageTokens the most that an image can count; at least 1
     * @throws RelayException {@code INVALID_REQUEST} where there is no bound, naming the field
     */
    public static WorstCase of(RequestFacts facts, PriceTable prices, Instant at, long imageTokens) {
        requireNonNull(at, "at");
        if (imageTokens < 1) {
            throw new IllegalArgumentException("imageTokens: must be at least 1");
        }
        CostFacts cost = facts.cost();
        requireBound(cost);
        DearestRates rates = prices.dearest(facts.model(), terms(facts, at));
        BigDecimal uses = BigDecimal.valueOf(cost.serverToolUses());
        BigDecimal calls = uses.add(BigDecimal.ONE);
        BigDecimal input = input(cost, rates, imageTokens).multiply(rates.input());
        BigDecimal searches = uses.multiply(rates.webSearch());
        return new WorstCase(
                calls.multiply(input).add(searches).movePointRight(Cost.NANO_DIGITS),
                calls.multiply(rates.output()).movePointRight(Cost.NANO_DIGITS),
                facts.maxTokens().orElse(rates.maxOutput()));
    }

    private static void requireBound(CostFacts cost) {
        String field = cost.unboundedField();
        if (field == null) {
            return;
        }
        throw new RelayException(
                Outcome.INVALID_REQUEST,
                field + ": " + remedy(field)
                        + ". The budget of this relay key is strict: the most that a request can cost must be known"
                        + " before it is sent.");
    }

    private static String remedy(String field) {
        if (field.endsWith(".max_uses")) {
            return "must be a whole number from 0 to 1000000, or the tool be left out";
        }
        if (field.endsWith(".type")) {
            return "must not be that of an advisor";
        }
        return field.equals("context_management")
                ? "must have no edit that compacts, or be left out"
                : "must be left out";
    }

    private static RequestTerms terms(RequestFacts facts, Instant at) {
        CostFacts cost = facts.cost();
        // The messages that a thread goes on from may have been marked for caching, which this body does not show.
        boolean thread = facts.pinned().threadPreviousMessageId() != null;
        return new RequestTerms(
                at,
                cost.cached() || thread,
                cost.oneHour() || thread,
                "fast".equals(facts.speed()),
                // Where the request does not say, the upstream's own setting holds.
                !"global".equals(facts.inferenceGeo()));
    }

    /** The most tokens that the model is given in one call. */
    private static BigDecimal input(CostFacts cost, DearestRates rates, long imageTokens) {
        boolean hidden = cost.hasTools() || cost.hasOutputFormat();
        long text = cost.bodyBytes() - cost.imageBytes() + (hidden ? INSTRUCTION_TOKENS : 0);
        BigDecimal tokens = BigDecimal.valueOf(text)
                .add(BigDecimal.valueOf(cost.toolReferenceBytes()))
                .add(product(cost.imageCount(), imageTokens))
                .add(product(cost.typedClientTools(), TYPED_TOOL_TOKENS));
        boolean bounded = !cost.unboundedInput() && cost.serverTools() == 0;
        return bounded ? tokens : tokens.max(BigDecimal.valueOf(rates.contextWindow()));
    }

    private static BigDecimal product(long count, long tokens) {
        return BigDecimal.valueOf(count).multiply(BigDecimal.valueOf(tokens));
    }

    /** The bound in billionths of a dollar, rounded up; {@link Long#MAX_VALUE} where it is larger than that. */
    public long nanoUsd() {
        return perOutputToken
                .multiply(BigDecimal.valueOf(maxTokens))
                .add(withoutOutput)
                .setScale(0, RoundingMode.CEILING)
                .min(MOST)
                .longValueExact();
    }

    /**
     * The largest {@code max_tokens} with which the request fits; empty where not even one token of output does.
     *
     * @param leftNanoUsd what is left, in billionths of a dollar
     */
    public OptionalLong largestMaxTokens(long leftNanoUsd) {
        BigDecimal forOutput = BigDecimal.valueOf(leftNanoUsd).subtract(withoutOutput);
        if (forOutput.compareTo(perOutputToken) < 0) {
            return OptionalLong.empty();
        }
        if (perOutputToken.signum() == 0) {
            return OptionalLong.of(MAX_TOKENS);
        }
        BigDecimal most = forOutput.divideToIntegralValue(perOutputToken);
        return OptionalLong.of(most.min(BigDecimal.valueOf(MAX_TOKENS)).longValueExact());
    }
}
