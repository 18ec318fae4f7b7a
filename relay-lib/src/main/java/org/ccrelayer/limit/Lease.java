package org.ccrelayer.limit;

import static java.util.Objects.requireNonNull;

/**
 * An exchange's place within its relay key's limits. Immutable.
 *
 * @param keyId the relay key
 * @param exchangeId the exchange, unique across all relays that share a store
 */
public record Lease(String keyId, String exchangeId) {
    public Lease {
        requireNonNull(keyId, "keyId");
        requireNonNull(exchangeId, "exchangeId");
    }
}
