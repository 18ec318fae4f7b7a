package org.ccrelayer.internal.admin;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Slows the guessing of passwords: at most five failures a minute from one address and fifty from everywhere. An attempt
 * counts as a failure from its beginning until it is taken back, so attempts made at once do not slip through together.
 * Remembers at most 10,000 addresses. Safe for concurrent use.
 */
final class LoginThrottle {
    static final int FAILURES_PER_ADDRESS = 5;
    static final int FAILURES_OVERALL = 50;
    static final int MOST_ADDRESSES = 10_000;
    static final Duration WINDOW = Duration.ofMinutes(1);

    private final InstantSource time;
    private final Map<String, Window> byAddress = new RecentAddresses();
    private Window overall = Window.NONE;

    /** A throttle that has seen nothing. */
    LoginThrottle(InstantSource time) {
        this.time = time;
    }

    /** Begins an attempt; where there were too many, how long to wait instead. */
    synchronized Optional<Duration> begin(String address) {
        Instant now = time.instant();
        Window own = current(byAddress.get(address), now);
        overall = current(overall, now);
        if (own.failures() >= FAILURES_PER_ADDRESS || overall.failures() >= FAILURES_OVERALL) {
            Window full = own.failures() >= FAILURES_PER_ADDRESS ? own : overall;
            return Optional.of(Duration.between(now, full.end()));
        }
        byAddress.put(address, own.plusOne());
        overall = overall.plusOne();
        return Optional.empty();
    }

    /** Takes back an attempt that turned out right, and forgets the address's failures. */
    synchronized void succeeded(String address) {
        byAddress.remove(address);
        overall = overall.minusOne();
    }

    /** How many addresses are remembered. */
    synchronized int addresses() {
        return byAddress.size();
    }

    private static Window current(@Nullable Window window, Instant now) {
        boolean over = window == null || !now.isBefore(window.end());
        return over ? new Window(0, now.plus(WINDOW)) : window;
    }

    /** A minute that began with a failure, and the failures in it. */
    private record Window(int failures, Instant end) {
        static final Window NONE = new Window(0, Instant.EPOCH);

        Window plusOne() {
            return new Window(failures + 1, end);
        }

        Window minusOne() {
            return new Window(Math.max(0, failures - 1), end);
        }
    }

    /** The windows of the addresses that were seen last. */
    private static final class RecentAddresses extends LinkedHashMap<String, Window> {
        private static final long serialVersionUID = 1L;

        RecentAddresses() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Window> eldest) {
            return size() > MOST_ADDRESSES;
        }
    }
}
