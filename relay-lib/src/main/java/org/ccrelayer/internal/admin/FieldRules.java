package org.ccrelayer.internal.admin;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ccrelayer.internal.network.EndpointGuard;
import org.ccrelayer.store.SecretKind;

/** What single values of accounts and relay keys must be like. Each rule answers with the problem. Stateless. */
final class FieldRules {
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_MODEL = 256;
    private static final int MOST_MAPPED_MODELS = 200;
    private static final int MOST_GROUPS = 50;
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9._-]{1,100}");
    private static final String LABEL_PROBLEM = "must be 1 to 100 of the characters A-Z a-z 0-9 . _ -";

    private FieldRules() {}

    static Optional<String> name(String name) {
        int length = name.codePointCount(0, name.length());
        if (length < 1 || length > LONGEST_NAME || name.isBlank()) {
            return Optional.of("must be 1 to 100 characters");
        }
        return problem(hasControl(name), "must have no control characters");
    }

    static Optional<String> credential(String credential) {
        return problem(
                !SecretKind.API_KEY.fits(credential), "must be 1 to 4096 printable ASCII characters without spaces");
    }

    static Optional<String> priority(long priority) {
        return problem(priority < 1 || priority > 100, "must be 1 to 100");
    }

    static Optional<String> models(Collection<String> models) {
        return problem(
                models.stream().anyMatch(FieldRules::isNoModel),
                "each must be 1 to 256 characters without control characters");
    }

    static Optional<String> modelMap(Map<String, String> names) {
        if (names.size() > MOST_MAPPED_MODELS) {
            return Optional.of("must have at most 200 entries");
        }
        return problem(
                Stream.concat(names.keySet().stream(), names.values().stream()).anyMatch(FieldRules::isNoModel),
                "each model and each name must be 1 to 256 characters without control characters");
    }

    private static boolean isNoModel(String model) {
        return model.isBlank() || model.length() > LONGEST_MODEL || hasControl(model);
    }

    /** Names of groups and workspaces. */
    static Optional<String> label(String label) {
        return problem(!LABEL.matcher(label).matches(), LABEL_PROBLEM);
    }

    static Optional<String> groups(Collection<String> groups) {
        if (groups.size() > MOST_GROUPS) {
            return Optional.of("must have at most 50 entries");
        }
        return problem(!groups.stream().allMatch(group -> LABEL.matcher(group).matches()), "each " + LABEL_PROBLEM);
    }

    static Optional<String> expiresAt(Instant expiresAt, Instant now) {
        return problem(!expiresAt.isAfter(now), "must be later than now");
    }

    /** Base URLs and token endpoints. */
    static Optional<String> endpoint(EndpointGuard guard, String url) {
        try {
            guard.check(url);
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
