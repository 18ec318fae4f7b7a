package org.ccrelayer.internal.store.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.ccrelayer.account.AccountRest;
import org.ccrelayer.internal.json.JsonObject;

/**
 * That the predecessor leaves an API-key account alone for a time, after what an upstream answered. Times are those that it has
 * unless its settings say otherwise. Immutable.
 *
 * @param statusCode what the upstream answered
 * @param errorType what the predecessor calls that
 * @param seconds for how long
 */
record PredecessorCooldown(int statusCode, String errorType, long seconds) {
    private static final int LIMITED = 429;
    private static final int OVERLOADED = 529;
    private static final long LONGEST_LIMITED = 1_800;
    private static final Pattern ERROR_TYPE = Pattern.compile("[a-z_]{1,32}");

    /** What the predecessor would do where the relay lets an account rest that long; empty where it would do nothing. */
    static Optional<PredecessorCooldown> of(AccountRest rest, Duration left) {
        if (!rest.family().isEmpty()) {
            return Optional.empty();
        }
        int status = rest.status() == 0 && rest.cause().equals("timeout") ? 504 : rest.status();
        return switch (status) {
            case 401, 403 -> Optional.of(new PredecessorCooldown(status, "auth_error", 1_800));
            case LIMITED ->
                Optional.of(new PredecessorCooldown(
                        status, "rate_limit", Math.max(1, Math.min(LONGEST_LIMITED, left.toSeconds()))));
            case 503 -> Optional.of(new PredecessorCooldown(status, "service_unavailable", 60));
            case 504 -> Optional.of(new PredecessorCooldown(status, "timeout", 300));
            case OVERLOADED -> Optional.of(new PredecessorCooldown(status, "overload", 600));
            default ->
                status >= 500 ? Optional.of(new PredecessorCooldown(status, "server_error", 300)) : Optional.empty();
        };
    }

    /** Whether the account itself is marked as limited, too. */
    boolean limited() {
        return statusCode == LIMITED;
    }

    /** As the predecessor writes it, with a member that it does not read. */
    String json(Instant now, String relay) {
        return JsonObject.build()
                .with("statusCode", statusCode)
                .with("errorType", errorType)
                .with("markedAt", HashFields.text(now))
                .with("ttlSeconds", seconds)
                .with("cooldownSeconds", seconds)
                .with("expiresAt", HashFields.text(now.plusSeconds(seconds)))
                .with("relay", relay)
                .end()
                .toString();
    }

    /** What it means for the relay that the predecessor wrote that of an account. */
    static AccountRest rest(String accountId, JsonObject json, Instant until) {
        int status = json.integer("statusCode").orElse(0L).intValue();
        String cause =
                switch (status) {
                    case 401, 403 -> "credential_broken";
                    case LIMITED -> "transient_throttle";
                    case 504 -> "timeout";
                    case OVERLOADED -> "overloaded";
                    default -> "server_error";
                };
        String type = json.string("errorType")
                .filter(text -> ERROR_TYPE.matcher(text).matches())
                .orElse("error");
        return new AccountRest(
                accountId,
                "",
                until,
                cause,
                status,
                false,
                "rests as the predecessor has it (" + status + " " + type + ")");
    }
}
