package org.ccrelayer.internal.store.redis;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a relay does while its Redis does not answer. Immutable.
 *
 * @param local whether relay keys without strict budgets go on by the relay's own count for a while
 * @param directory where rows wait for Redis, for one relay at a time; null keeps them in memory alone
 */
public record AwayTerms(boolean local, @Nullable Path directory) {
    /** Goes on, and keeps what waits in memory. */
    static final AwayTerms IN_MEMORY = new AwayTerms(true, null);
}
