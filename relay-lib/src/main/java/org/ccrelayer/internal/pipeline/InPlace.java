package org.ccrelayer.internal.pipeline;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which account an exchange may ask once more, and how often it did. Driven by one thread at a time. */
final class InPlace {
    private @Nullable String busy;
    private boolean due;
    private int times;

    /** An account was tried that is only busy for a moment. */
    void busy(String accountId) {
        busy = accountId;
    }

    /** An account is tried; nobody knows yet whether it still is. */
    void trying(String accountId) {
        if (accountId.equals(busy)) {
            busy = null;
        }
    }

    /** Whether there is one to be asked again. */
    boolean possible() {
        return busy != null && times < BackOff.MOST;
    }

    /** How often one was asked again. */
    int times() {
        return times;
    }

    /** The next try is at the account that was busy. */
    void begin() {
        due = true;
        times++;
    }

    /** The account that the next try is at, told once; empty where it may be any. */
    Optional<String> takeDue() {
        boolean now = due;
        due = false;
        return now ? Optional.ofNullable(busy) : Optional.empty();
    }
}
