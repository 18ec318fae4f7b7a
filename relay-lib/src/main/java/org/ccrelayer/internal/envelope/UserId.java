package org.ccrelayer.internal.envelope;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Claude Code writes into {@code metadata.user_id}, in either of its forms. Immutable.
 *
 * @param deviceId not empty
 * @param accountUuid empty where it is missing
 * @param sessionId not empty; whatever the client sent
 * @param json whether it was written as JSON
 */
public record UserId(String deviceId, String accountUuid, String sessionId, boolean json) {
    // No line breaks in the account, as a dot in the predecessor's expression matches none.
    private static final Pattern PLAIN =
            Pattern.compile("user_([a-fA-F0-9]{64})_account_([^\\n\\r\\u2028\\u2029]*?)_session_([a-f0-9-]+)");

    public UserId {
        requireNonNull(accountUuid, "accountUuid");
        if (deviceId.isEmpty() || sessionId.isEmpty()) {
            throw new IllegalArgumentException("deviceId, sessionId: must not be empty");
        }
    }

    /** What that text says; empty where it has neither form. */
    public static Optional<UserId> parse(String text) {
        if (text.startsWith("{")) {
            return UserIdJson.parse(text);
        }
        Matcher plain = PLAIN.matcher(text);
        return plain.matches()
                ? Optional.of(new UserId(plain.group(1), plain.group(2), plain.group(3), false))
                : Optional.empty();
    }

    /** Names nobody. */
    @Override
    public String toString() {
        return "UserId[json=" + json + "]";
    }
}
