package org.ccrelayer.internal.envelope;

import static java.util.Objects.requireNonNull;

/**
 * A place that a {@code cache_control} marks in a request. Immutable.
 *
 * @param section where it stands
 * @param index the position of the element that carries it in its section, from 0; 0 at the top level
 * @param offset the byte where the object that carries it begins; -1 where the body was encoded
 * @param ttl {@code 5m} or {@code 1h}; anything else that a client writes counts as {@code 5m}, the default
 */
public record CacheBreakpoint(Section section, int index, long offset, String ttl) {
    /** The ttl that holds where none is named. */
    public static final String FIVE_MINUTES = "5m";

    /** The other ttl. */
    public static final String ONE_HOUR = "1h";

    /** The parts of a request that can be marked. */
    public enum Section {
        /** The request as a whole. */
        TOP_LEVEL,
        /** One of {@code tools}. */
        TOOLS,
        /** A block of {@code system}. */
        SYSTEM,
        /** A block of one of {@code messages}. */
        MESSAGES
    }

    public CacheBreakpoint {
        requireNonNull(section, "section");
        if (index < 0 || offset < -1) {
            throw new IllegalArgumentException("index, offset: must not be negative");
        }
        if (!ttl.equals(FIVE_MINUTES) && !ttl.equals(ONE_HOUR)) {
            throw new IllegalArgumentException("ttl: must be 5m or 1h");
        }
    }
}
