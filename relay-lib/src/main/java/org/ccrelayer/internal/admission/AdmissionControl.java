package org.ccrelayer.internal.admission;

import java.util.concurrent.atomic.AtomicInteger;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.envelope.RequestFacts;

/** Grants or refuses, by the limits of the relay key. Safe for concurrent use. */
public final class AdmissionControl {
    private final AtomicInteger held = new AtomicInteger();

    /**
     * Lets a request in.
     *
     * @throws RelayException {@code FORBIDDEN} where the key may not use the model
     */
    public Permit admit(ApiKey key, RequestFacts facts) {
        if (!key.limits().allows(facts.model())) {
            throw new RelayException(
                    Outcome.FORBIDDEN,
                    "This relay key may not use the model " + facts.model() + ". Ask the operator for one that may.");
        }
        return new Permit(held);
    }

    /** How many permits are out. */
    public int held() {
        return held.get();
    }
}
