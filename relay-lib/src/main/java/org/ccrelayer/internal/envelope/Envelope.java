package org.ccrelayer.internal.envelope;

import static java.util.Objects.requireNonNull;

/**
 * A request body and what was found in it.
 *
 * @param facts what the relay decides by
 * @param body the body as it came; whoever has the envelope releases it
 */
public record Envelope(RequestFacts facts, RequestBody body) {
    public Envelope {
        requireNonNull(facts, "facts");
        requireNonNull(body, "body");
    }
}
