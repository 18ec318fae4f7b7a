package org.ccrelayer.internal.admin;

import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/** What single values of accounts and relay keys must be like. Each rule answers with the problem. Stateless. */
final class FieldRules {
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_CREDENTIAL = 4_096;
    private static final int LONGEST_MODEL = 256;

    private FieldRules() {}

    static Optional<String> name(String name) {
        int length = name.codePointCount(0, name.length());
        if (length < 1 || length > LONGEST_NAME || name.isBlank()) {
            return Optional.of("must be 1 to 100 characters");
        }
        return problem(hasControl(name), "must have no control characters");
    }

    static Optional<String> credential(String credential) {
        boolean printable = credential.chars().allMatch(c -> c > ' ' && c < 0x7f);
        return problem(
                credential.isEmpty() || credential.length() > LONGEST_CREDENTIAL || !printable,
                "must be 1 to 4096 printable ASCII characters without spaces");
    }

    static Optional<String> priority(long priority) {
        return problem(priority < 1 || priority > 100, "must be 1 to 100");
    }

    static Optional<String> models(Collection<String> models) {
        boolean wrong = models.stream()
                .anyMatch(model -> model.isBlank() || model.length() > LONGEST_MODEL || hasControl(model));
        return problem(wrong, "each must be 1 to 256 characters without control characters");
    }

    static Optional<String> expiresAt(Instant expiresAt, Instant now) {
        return problem(!expiresAt.isAfter(now), "must be later than now");
    }

    static Optional<String> baseUrl(BaseUrlGuard guard, String baseUrl) {
        try {
            guard.check(baseUrl);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static boolean hasControl(String text) {
        return text.codePoints().anyMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029);
    }

    private static Optional<String> problem(boolean wrong, String problem) {
        return wrong ? Optional.of(problem) : Optional.empty();
    }
}
