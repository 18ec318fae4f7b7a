package org.ccrelayer.internal.admin;

import java.util.Optional;

/** The whole numbers among the fields of accounts and relay keys, by their names and bounds in the administration API. */
enum WholeNumber {
    CONCURRENCY("concurrencyLimit", 0, 100_000),
    WEIGHT("weight", 1, 100),
    PORT("port", 1, 65_535),
    WINDOW("rateLimitWindow", 0, 525_600),
    WINDOW_REQUESTS("rateLimitRequests", 0, 1_000_000_000_000_000L),
    WINDOW_TOKENS("rateLimitTokens", 0, 1_000_000_000_000_000L),
    RESET_DAY("weeklyResetDay", 1, 7),
    RESET_HOUR("weeklyResetHour", 0, 23),
    TIMEZONE("timezoneOffset", -12, 14),
    ACTIVATION_DAYS("activationDays", 0, 3_650),
    ACTIVATION_HOURS("activationHours", 0, 87_600);

    private final String field;
    private final long least;
    private final long most;

    WholeNumber(String field, long least, long most) {
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
