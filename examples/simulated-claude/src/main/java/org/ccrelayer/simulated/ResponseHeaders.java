package org.ccrelayer.simulated;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.eclipse.jetty.http.HttpFields;

/** The headers that the API sends with every answer, and those of a script in their place. */
final class ResponseHeaders {
    private static final Duration RESET = Duration.ofMinutes(1);
    private static final String PREFIX = "anthropic-ratelimit-";

    private final HttpFields.Mutable fields;

    private ResponseHeaders(HttpFields.Mutable fields) {
        this.fields = fields;
    }

    /** Writes the headers of any answer; {@code credentials} decide which organization it seems to come from. */
    static void addCommon(HttpFields.Mutable fields, String requestId, List<String> credentials) {
        ResponseHeaders headers = new ResponseHeaders(fields);
        fields.put("request-id", requestId);
        fields.put("anthropic-organization-id", organization(credentials));
        headers.rateLimit("requests", 4_000, 3_999);
        headers.rateLimit("tokens", 2_400_000, 2_399_000);
        headers.rateLimit("input-tokens", 2_000_000, 1_999_000);
        headers.rateLimit("output-tokens", 400_000, 399_000);
        fields.add("set-cookie", "__cf_bm=" + requestId + "; path=/; HttpOnly; Secure; SameSite=None");
    }

    static void addContent(HttpFields.Mutable fields, Answer answer) {
        if (answer.contentType() != null) {
            fields.put("content-type", answer.contentType());
        }
        if (answer.isStream()) {
            fields.put("cache-control", "no-cache");
        }
    }

    static void addScripted(HttpFields.Mutable fields, Settings settings, Answer answer) {
        if (settings.reply instanceof Reply.OfRateLimit limit) {
            new ResponseHeaders(fields).exhausted(limit.retryAfter());
        }
        if (settings.gzip) {
            fields.put("content-encoding", "gzip");
        } else if (settings.ending.isRegular() && !answer.isStream()) {
            fields.put("content-length", Integer.toString(answer.length()));
        }
        settings.headers.forEach(header -> fields.remove(header.name()));
        settings.headers.stream()
                .filter(header -> header.value() != null)
                .forEach(header -> fields.add(header.name(), header.value()));
    }

    private void exhausted(Duration retryAfter) {
        fields.put(PREFIX + "requests-remaining", "0");
        if (retryAfter == null) {
            List.of("requests", "tokens", "input-tokens", "output-tokens")
                    .forEach(kind -> fields.remove(PREFIX + kind + "-reset"));
        } else {
            fields.put("retry-after", Long.toString((retryAfter.toMillis() + 999) / 1000));
            fields.put(PREFIX + "requests-reset", inFuture(retryAfter));
        }
    }

    private void rateLimit(String kind, long limit, long remaining) {
        fields.put(PREFIX + kind + "-limit", Long.toString(limit));
        fields.put(PREFIX + kind + "-remaining", Long.toString(remaining));
        fields.put(PREFIX + kind + "-reset", inFuture(RESET));
    }

    private static String inFuture(Duration distance) {
        return Instant.now().plus(distance).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String organization(List<String> credentials) {
        String seed = "organization of " + (credentials.isEmpty() ? "nobody" : credentials.get(0));
        return UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
