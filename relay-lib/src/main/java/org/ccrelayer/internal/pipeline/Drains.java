package org.ccrelayer.internal.pipeline;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.thread.Scheduler;

/** The answers that are read on though their clients are gone, and how many there may be. Safe for concurrent use. */
public final class Drains {
    private final DrainPolicy policy;
    private final Scheduler scheduler;
    private final AtomicInteger running = new AtomicInteger();

    /** None yet; {@code scheduler} tells when one takes too long. */
    public Drains(DrainPolicy policy, Scheduler scheduler) {
        this.policy = requireNonNull(policy, "policy");
        this.scheduler = requireNonNull(scheduler, "scheduler");
    }

    /** How many have begun and not ended. */
    public int running() {
        return running.get();
    }

    /**
     * Begins one, where that is wanted and there is room for it.
     *
     * @param always whether it is wanted whatever the policy says
     * @param late is run on the scheduler's thread if it has not ended in time
     */
    Optional<Drain> tryBegin(boolean always, Runnable late) {
        if (!policy.wanted() && !always || !takeSlot()) {
            return Optional.empty();
        }
        return Optional.of(
                new Drain(policy.bytes(), scheduler.schedule(late, policy.limit()), running::decrementAndGet));
    }

    private boolean takeSlot() {
        return running.getAndUpdate(count -> count < policy.most() ? count + 1 : count) < policy.most();
    }
}
