package org.ccrelayer.internal.store.redis;

import java.time.Duration;

/**
 * How long a link waits. Immutable.
 *
 * @param deadline for the answer to a command
 * @param connecting for a connection
 * @param starting for a server that is not there yet when the link is opened
 */
record LinkTerms(Duration deadline, Duration connecting, Duration starting) {
    /** What relays use. */
    static final LinkTerms USUAL = new LinkTerms(Duration.ofMillis(250), Duration.ofSeconds(1), Duration.ofSeconds(10));
}
