package org.ccrelayer.internal.pipeline;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.ccrelayer.internal.health.Verdict;
import org.eclipse.jetty.http.HttpFields;

/**
 * A refusal as it came from the upstream.
 *
 * @param status 300 or more
 * @param headers its header fields
 * @param explanation its body; empty where it could not be read
 * @param verdict what it means
 */
record UpstreamRefusal(int status, HttpFields headers, Optional<byte[]> explanation, Verdict verdict) {
    UpstreamRefusal {
        requireNonNull(headers, "headers");
        requireNonNull(explanation, "explanation");
        requireNonNull(verdict, "verdict");
    }
}
