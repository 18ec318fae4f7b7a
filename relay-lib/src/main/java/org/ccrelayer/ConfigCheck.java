package org.ccrelayer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.ccrelayer.internal.credential.CredentialFormat;

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
        for (ConfigKey key : List.of(ConfigKey.REDIS_PASSWORD, ConfigKey.REDIS_DB)) {
            if (!config.text(key).isEmpty() && config.text(ConfigKey.REDIS_ADDR).isEmpty()) {
                found.add(key.label() + ": is of no use without " + ConfigKey.REDIS_ADDR.label()
                        + "; set that, or remove it");
            }
        }
        return found;
    }

    private static List<String> secretProblems(RelayConfig config) {
        List<String> found = new ArrayList<>();
        check(config, ConfigKey.ENCRYPTION_KEY, ENCRYPTION_KEY_CHARACTERS, found);
        if (config.enabled(ConfigKey.ADMIN_ENABLED)) {
            check(config, ConfigKey.JWT_SECRET, JWT_SECRET_CHARACTERS, found);
            check(config, ConfigKey.ADMIN_PASSWORD, PASSWORD_CHARACTERS, found);
        }
        return found;
    }

    private static void check(RelayConfig config, ConfigKey key, int least, List<String> found) {
        String value = config.text(key);
        if (value.isEmpty()) {
            found.add(key.label() + ": is required; set it, or name a file that holds it in " + key.name() + "_FILE");
        } else if (value.length() < least) {
            found.add(key.label() + ": must have " + least + " characters or more");
        } else if (value.chars().distinct().count() < DISTINCT_CHARACTERS) {
            found.add(key.label() + ": is too weak; use random characters");
        } else if (isSample(value.toLowerCase(Locale.ROOT))) {
            found.add(key.label() + ": is a sample value that others know; choose your own");
        }
    }

    private static boolean isSample(String value) {
        return SAMPLES.contains(value) || PLACEHOLDER.matcher(value).matches();
    }
}
