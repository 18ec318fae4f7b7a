package org.ccrelayer;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ccrelayer.account.Secret;

/** A complete, checked configuration. Immutable; prints secrets as asterisks. */
public final class RelayConfig {
    private final Map<ConfigKey, String> values;

    RelayConfig(Map<ConfigKey, String> values) {
        this.values = new EnumMap<>(values);
    }

    /** A builder with nothing set. */
    public static RelayConfigBuilder builder() {
        return new RelayConfigBuilder();
    }

    /** The text of a setting, its default where it is not set. */
    public String text(ConfigKey key) {
        return values.getOrDefault(key, key.defaultValue());
    }

    /** The text of a setting that may be left out. */
    public Optional<String> optionalText(ConfigKey key) {
        return Optional.of(text(key)).filter(value -> !value.isEmpty());
    }

    /** A numeric setting. */
    public long number(ConfigKey key) {
        return Long.parseLong(text(key));
    }

    /** A setting in milliseconds. */
    public Duration duration(ConfigKey key) {
        return Duration.ofMillis(number(key));
    }

    /** A setting that is on or off. */
    public boolean enabled(ConfigKey key) {
        return Boolean.parseBoolean(text(key));
    }

    /** A secret setting. */
    public Secret secret(ConfigKey key) {
        return Secret.of(text(key));
    }

    /** Where the days, weeks and months of usage and budgets begin. */
    ZoneOffset zone() {
        return ZoneOffset.ofHours((int) number(ConfigKey.TIMEZONE_OFFSET));
    }

    /** A setting that names a file or folder. */
    public Optional<Path> path(ConfigKey key) {
        return optionalText(key).map(Path::of);
    }

    /** Every setting with its value, secrets masked. */
    @Override
    public String toString() {
        Map<String, String> shown = new TreeMap<>();
        for (ConfigKey key : ConfigKey.values()) {
            boolean hidden = key.secret() && !text(key).isEmpty();
            shown.put(key.id(), hidden ? "****" : text(key));
        }
        return shown.toString();
    }
}
