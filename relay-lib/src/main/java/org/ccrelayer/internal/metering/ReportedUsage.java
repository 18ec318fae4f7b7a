package org.ccrelayer.internal.metering;

import static org.ccrelayer.internal.metering.ReportedTokens.count;
import static org.ccrelayer.internal.metering.ReportedTokens.orZero;

import java.util.ArrayList;
import java.util.List;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.usage.Iteration;
import org.ccrelayer.usage.TokenUsage;
import org.jspecify.annotations.Nullable;

/**
 * The usage of one answer, as far as it was reported: every non-null field of a later report replaces the earlier one
 * (API reference, "Streaming messages": the counts of {@code message_delta} are cumulative). Fields that are not what
 * they should be count as not reported. Not safe for concurrent use.
 */
final class ReportedUsage {
    /** Longer names, ids and the like count as not reported. */
    static final int MAX_WORD_CHARACTERS = 256;

    /** A longer list of iterations counts as not reported; also keeps the sum of any class within a long. */
    static final int MAX_ITERATIONS = 1000;

    private final ReportedTokens totals = new ReportedTokens();
    private boolean reported;
    private @Nullable Long thinkingTokens;
    private @Nullable Long webSearchRequests;
    private @Nullable Long webFetchRequests;
    private @Nullable String serviceTier;
    private @Nullable String speed;
    private @Nullable String inferenceGeo;
    private List<Iteration> iterations = List.of();

    /** Takes over what the report says. */
    void overwrite(JsonObject report) {
        reported = true;
        totals.overwrite(report);
        if (report.get("output_tokens_details") instanceof JsonObject details) {
            thinkingTokens = count(details, "thinking_tokens", thinkingTokens);
        }
        if (report.get("server_tool_use") instanceof JsonObject tools) {
            webSearchRequests = count(tools, "web_search_requests", webSearchRequests);
            webFetchRequests = count(tools, "web_fetch_requests", webFetchRequests);
        }
        serviceTier = word(report, "service_tier", serviceTier);
        speed = word(report, "speed", speed);
        inferenceGeo = word(report, "inference_geo", inferenceGeo);
        if (report.get("iterations") instanceof List<?> entries && entries.size() <= MAX_ITERATIONS) {
            iterations = iterations(entries);
        }
    }

    /** Whether there was any report. */
    boolean reported() {
        return reported;
    }

    TokenUsage usage() {
        return new TokenUsage(
                totals.tokens(),
                orZero(thinkingTokens),
                orZero(webSearchRequests),
                orZero(webFetchRequests),
                serviceTier,
                speed,
                inferenceGeo,
                iterations);
    }

    /** A member that is a text of at most {@link #MAX_WORD_CHARACTERS}. */
    static @Nullable String word(JsonObject report, String name, @Nullable String before) {
        return report.get(name) instanceof String text && text.length() <= MAX_WORD_CHARACTERS ? text : before;
    }

    private static List<Iteration> iterations(List<?> entries) {
        List<Iteration> steps = new ArrayList<>();
        for (Object entry : entries) {
            if (entry instanceof JsonObject step) {
                steps.add(iteration(step));
            }
        }
        return List.copyOf(steps);
    }

    private static Iteration iteration(JsonObject step) {
        ReportedTokens tokens = new ReportedTokens();
        tokens.overwrite(step);
        String type = word(step, "type", null);
        return new Iteration(type == null ? "message" : type, word(step, "model", null), tokens.tokens());
    }
}
