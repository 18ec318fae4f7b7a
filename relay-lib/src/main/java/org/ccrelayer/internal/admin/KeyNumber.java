package org.ccrelayer.internal.admin;

import java.util.Optional;

/** The whole numbers among a relay key's fields, by the names and bounds they have in the administration API. */
enum KeyNumber {
    CONCURRENCY("concurrencyLimit", 0, 100_000),
    WINDOW("rateLimitWindow", 0, 525_600),
    WINDOW_REQUESTS("rateLimitRequests", 0, 1_000_000_000_000_000L),
    WINDOW_TOKENS("rateLimitTokens", 0, 1_000_000_000_000_000L),
    RESET_DAY("weeklyResetDay", 1, 7),
    RESET_HOUR("weeklyResetHour", 0, 23),
    TIMEZONE("timezoneOffset", -12, 14),
    ACTIVATION_DAYS("activationDays", 0, 3_650);

    private final String field;
    private final long least;
    private final long most;

    KeyNumber(String field, long least, long most) {
        this.field = field;
        this.least = least;
        this.most = most;
    }

    /** Its name. */
    String field() {
        return field;
    }

    /** What is wrong with a value, if anything is. */
    Optional<String> problem(long value) {
        return value < least || value > most
                ? Optional.of("must be a whole number from " + least + " to " + most)
                : Optional.empty();
    }
}
