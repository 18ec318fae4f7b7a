package org.ccrelayer.internal.admission;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ccrelayer.apikey.CountedRate;
import org.ccrelayer.limit.Claim;
import org.ccrelayer.limit.Decision;
import org.ccrelayer.limit.Refusal;

/** What a request was granted until it ends. Safe for concurrent use. */
public final class Permit {
    private final AdmissionControl control;
    private final Claim claim;
    private final Decision.Granted granted;
    private final long worstNanoUsd;
    private final CountedRate rate;
    private final AtomicBoolean covered = new AtomicBoolean();
    private final AtomicBoolean released = new AtomicBoolean();

    Permit(AdmissionControl control, Claim claim, Decision.Granted granted, long worstNanoUsd, CountedRate rate) {
        this.control = requireNonNull(control, "control");
        this.claim = requireNonNull(claim, "claim");
        this.granted = requireNonNull(granted, "granted");
        this.worstNanoUsd = worstNanoUsd;
        this.rate = requireNonNull(rate, "rate");
    }

    Claim claim() {
        return claim;
    }

    /** When it was granted, by the store's clock. */
    public Instant at() {
        return granted.at();
    }

    /** Whether the worst case is reserved, so that what an answer costs must be known even if its client goes away. */
    public boolean strict() {
        return claim.limits().strict();
    }

    /** What limits count of a price for as long as it is held, whatever becomes of the rates meanwhile. */
    public CountedRate rate() {
        return rate;
    }

    /** The most that one attempt can cost, in billionths of a dollar; 0 where nothing is reserved. */
    public long worstNanoUsd() {
        return worstNanoUsd;
    }

    /** What limits count of that and is reserved. */
    public long reservedNanoUsd() {
        return strict() ? claim.worstNanoUsd() : 0;
    }

    /** The limit that would have refused the request, were its budgets not in shadow mode. */
    public Optional<Refusal.Limit> shadowed() {
        return Optional.ofNullable(granted.shadowed()).map(Refusal::limit);
    }

    /**
     * Whether the worst case of another attempt is covered: what an earlier one may have cost is no longer there for it. That of
     * the first one was reserved with the grant.
     */
    public boolean cover() {
        return !strict() || covered.compareAndSet(false, true) || control.cover(this);
    }

    /**
     * Gives everything back; only the first call counts.
     *
     * @param free whether the request counts for nothing
     */
    public void release(boolean free) {
        if (released.compareAndSet(false, true)) {
            control.release(this, free);
        }
    }
}
