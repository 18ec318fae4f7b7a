package org.ccrelayer.internal.admission;

import java.time.Instant;
import java.util.OptionalLong;
import org.ccrelayer.internal.envelope.RequestFacts;
import org.ccrelayer.usage.PriceTable;

record WorstCase(long nanoUsd) {
    static final WorstCase NOTHING = new WorstCase(0);

    static WorstCase of(RequestFacts facts, PriceTable prices, Instant at, long imageTokens) {
        return NOTHING;
    }

    OptionalLong largestMaxTokens(long leftNanoUsd) {
        return OptionalLong.empty();
    }
}
