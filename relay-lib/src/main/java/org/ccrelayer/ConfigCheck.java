package org.ccrelayer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.ccrelayer.internal.credential.CredentialFormat;
import org.ccrelayer.internal.pipeline.PathAliases;

/** What a configuration must keep beyond the form of its values: required and strong secrets, names that exist. */
final class ConfigCheck {
    private static final int ENCRYPTION_KEY_CHARACTERS = 32;
    private static final int JWT_SECRET_CHARACTERS = 16;
    private static final int PASSWORD_CHARACTERS = 8;
    private static final int DISTINCT_CHARACTERS = 4;
    private static final Set<String> SAMPLES = Set.of(
            "password",
            "passw0rd",
            "password1",
            "password123",
            "12345678",
            "123456789",
            "1234567890",
            "changeme",
            "administrator",
            "admin123",
            "admin1234",
            "letmein1",
            "qwertyui",
            "qwerty123");
    private static final Pattern PLACEHOLDER =
            Pattern.compile("^(change[-_ ]?(this|me|it)|your[-_ ]|replace[-_ ]|<|example[-_ ]|todo).*");
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9_-]{1,16}");
    private static final Set<String> LEVELS = Set.of("debug", "info", "warn", "error");
    private static final Set<String> AWAY_POLICIES = Set.of("local", "refuse");
    private static final Set<String> GONE_POLICIES = Set.of("cancel", "drain");

    private ConfigCheck() {}

    static List<String> problems(RelayConfig config) {
        List<String> found = secretProblems(config);
        if (!PREFIX.matcher(config.text(ConfigKey.API_KEY_PREFIX)).matches()) {
            found.add(ConfigKey.API_KEY_PREFIX.label() + ": must be 1 to 16 letters, digits, hyphens or underscores");
        }
        if (!LEVELS.contains(config.text(ConfigKey.LOG_LEVEL))) {
            found.add(ConfigKey.LOG_LEVEL.label() + ": must be debug, info, warn or error");
        }
        if (!GONE_POLICIES.contains(config.text(ConfigKey.CLIENT_GONE_POLICY))) {
            found.add(ConfigKey.CLIENT_GONE_POLICY.label() + ": must be cancel or drain");
        }
        String format = config.text(ConfigKey.CREDENTIAL_FORMAT);
        if (!format.isEmpty() && CredentialFormat.byId(format).isEmpty()) {
            found.add(ConfigKey.CREDENTIAL_FORMAT.label() + ": must be gcm or cbc");
        }
        if (!AWAY_POLICIES.contains(config.text(ConfigKey.REDIS_AWAY_POLICY))) {
            found.add(ConfigKey.REDIS_AWAY_POLICY.label() + ": must be local or refuse");
        }
        PathAliases.problem(config.text(ConfigKey.PATH_ALIASES))
                .ifPresent(problem -> found.add(ConfigKey.PATH_ALIASES.label() + ": " + problem));
        for (ConfigKey key : List.of(ConfigKey.REDIS_PASSWORD, ConfigKey.REDIS_DB, ConfigKey.REDIS_TRUST_FILE)) {
            if (!config.text(key).isEmpty() && config.text(ConfigKey.REDIS_ADDR).isEmpty()) {
                found.add(key.label() + ": is of no use without " + ConfigKey.REDIS_ADDR.label()
                        + "; set that, or remove it");
            }
        }
        return found;
    }

    private static List<String> secretProblems(RelayConfig config) {
        List<String> found = new ArrayList<>();
        if (config.text(ConfigKey.ENCRYPTION_KEY).isEmpty()) {
            check(config, ConfigKey.ENCRYPTION_KEY, ENCRYPTION_KEY_CHARACTERS, found);
        } else if (!config.enabled(ConfigKey.PREDECESSOR_COMPAT)) {
            encryptionKeyWeakness(config).ifPresent(problem -> found.add(problem + PredecessorSettings.REMEDY));
        }
        if (config.enabled(ConfigKey.ADMIN_ENABLED)) {
            check(config, ConfigKey.JWT_SECRET, JWT_SECRET_CHARACTERS, found);
            check(config, ConfigKey.ADMIN_PASSWORD, PASSWORD_CHARACTERS, found);
        }
        return found;
    }

    /** What makes the encryption key easy to guess, if anything does. */
    static Optional<String> encryptionKeyWeakness(RelayConfig config) {
        return weakness(config, ConfigKey.ENCRYPTION_KEY, ENCRYPTION_KEY_CHARACTERS);
    }

    private static void check(RelayConfig config, ConfigKey key, int least, List<String> found) {
        if (config.text(key).isEmpty()) {
            found.add(key.label() + ": is required; set it, or name a file that holds it in " + key.name() + "_FILE");
        } else {
            weakness(config, key, least).ifPresent(found::add);
        }
    }

    private static Optional<String> weakness(RelayConfig config, ConfigKey key, int least) {
        String value = config.text(key);
        if (value.length() < least) {
            return Optional.of(key.label() + ": must have " + least + " characters or more");
        }
        if (value.chars().distinct().count() < DISTINCT_CHARACTERS) {
            return Optional.of(key.label() + ": is too weak; use random characters");
        }
        return isSample(value.toLowerCase(Locale.ROOT))
                ? Optional.of(key.label() + ": is a sample value that others know; choose your own")
                : Optional.empty();
    }

    private static boolean isSample(String value) {
        return SAMPLES.contains(value) || PLACEHOLDER.matcher(value).matches();
    }
}
