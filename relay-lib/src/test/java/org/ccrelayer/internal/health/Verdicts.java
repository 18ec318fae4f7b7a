package org.ccrelayer.internal.health;

import java.time.Instant;
import org.eclipse.jetty.http.HttpFields;

/** Verdicts as upstreams bring them about. */
final class Verdicts {
    static final String UNIFIED = "anthropic-ratelimit-unified-";

    private Verdicts() {}

    /** On an answer for a model of the family opus; {@code fields} are names and values in turn. */
    static Verdict of(int status, Instant now, String... fields) {
        return of("opus", status, now, fields);
    }

    static Verdict of(String family, int status, Instant now, String... fields) {
        return new UpstreamVerdicts().classify(status, fields(fields), null, family, now);
    }

    static HttpFields fields(String... namesAndValues) {
        HttpFields.Mutable headers = HttpFields.build();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers.asImmutable();
    }

    static Verdict fiveHours(Instant now, Instant reset) {
        return of(429, now, UNIFIED + "5h-status", "rejected", UNIFIED + "5h-reset", reset.toString());
    }

    static Verdict familyLimit(String family, Instant now, Instant reset) {
        String window = UNIFIED + "7d_" + family;
        return of(family, 429, now, window + "-status", "rejected", window + "-reset", "" + reset.getEpochSecond());
    }
}
