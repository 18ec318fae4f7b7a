package org.ccrelayer.internal.pipeline;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/** Makes ids that no other relay and no other run makes. Safe for concurrent use. */
final class Identifiers {
    private static final int RANDOM_BYTES = 10;

    private final String run;
    private final AtomicLong count = new AtomicLong();

    Identifiers() {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        run = HexFormat.of().formatHex(random);
    }

    /** The next id of an exchange. */
    String next() {
        return "relay_" + run + "_" + Long.toString(count.incrementAndGet(), Character.MAX_RADIX);
    }
}
