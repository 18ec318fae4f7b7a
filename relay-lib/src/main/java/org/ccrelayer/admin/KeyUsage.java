package org.ccrelayer.admin;

import static java.util.Objects.requireNonNull;

import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.limit.LimitUse;

/**
 * What counts against a relay key's limits at a moment, beside those limits. Immutable.
 *
 * @param limits what it may do
 * @param use what counts
 */
public record KeyUsage(KeyLimits limits, LimitUse use) {
    public KeyUsage {
        requireNonNull(limits, "limits");
        requireNonNull(use, "use");
    }
}
