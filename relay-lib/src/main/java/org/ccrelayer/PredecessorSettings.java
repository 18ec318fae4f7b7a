package org.ccrelayer;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What settings mean to the predecessor, and what stands here for those that it alone has. Stateless. */
final class PredecessorSettings {
    /** Added to what is wrong with an encryption key that the predecessor may have taken. */
    static final String REMEDY = "; where the predecessor's data needs it as it is, set "
            + ConfigKey.PREDECESSOR_COMPAT.label() + " to true";

    private static final String DEFAULT_HOURS = "8";
    private static final Pattern LEADING_NUMBER = Pattern.compile("([+-]?[0-9]{1,9}).*", Pattern.DOTALL);
    private static final String RESTS = "how long accounts rest follows from their upstream's answers";

    /** The predecessor's names, and what they are here. */
    private static final Map<String, String> HERE = Map.ofEntries(
            Map.entry("REDIS_HOST", "give host and port as redis-addr (REDIS_ADDR), such as localhost:6379"),
            Map.entry("REDIS_PORT", "give host and port as redis-addr (REDIS_ADDR), such as localhost:6379"),
            Map.entry("REDIS_ENABLE_TLS", "give redis-addr (REDIS_ADDR) as rediss://host:port"),
            Map.entry("STICKY_SESSION_TTL_HOURS", "give sticky-session-ttl (STICKY_SESSION_TTL) in milliseconds"),
            Map.entry("STICKY_SESSION_RENEWAL_THRESHOLD_MINUTES", "every use renews a session"),
            Map.entry("REQUEST_MAX_SIZE_MB", "give max-body-bytes (MAX_BODY_BYTES) in bytes"),
            Map.entry(
                    "CONCURRENCY_MAX_LIFETIME_MINUTES",
                    "running requests keep their place; concurrency-slot-ttl (CONCURRENCY_SLOT_TTL) is for crashes"),
            Map.entry("CLAUDE_DEDICATED_ACCOUNT_FALLBACK", "mayLeave of a relay key says it for that key"),
            Map.entry("CLAUDE_API_URL", "baseUrl of an account says it for that account"),
            Map.entry("CLAUDE_CONSOLE_BLOCKED_HANDLING_MINUTES", RESTS),
            Map.entry("CLAUDE_OVERLOAD_HANDLING_MINUTES", RESTS),
            Map.entry("UPSTREAM_ERROR_503_TTL_SECONDS", RESTS),
            Map.entry("UPSTREAM_ERROR_5XX_TTL_SECONDS", RESTS),
            Map.entry("UPSTREAM_ERROR_OVERLOAD_TTL_SECONDS", RESTS),
            Map.entry("UPSTREAM_ERROR_AUTH_TTL_SECONDS", RESTS),
            Map.entry("UPSTREAM_ERROR_TIMEOUT_TTL_SECONDS", RESTS),
            Map.entry("UPSTREAM_ERROR_MAX_CUSTOM_TTL_SECONDS", RESTS),
            Map.entry("USER_MESSAGE_QUEUE_ENABLED", "requests of one account do not wait for each other"),
            Map.entry("METRICS_WINDOW", "there is none"),
            Map.entry("BILLING_EVENTS_ENABLED", "there are none"));

    /** Names that both have, and that mean something else here. */
    private static final Map<String, String> OTHERWISE = Map.of(
            "REQUEST_TIMEOUT",
            "it ends with an answer's headers, of all attempts together; silence-timeout (SILENCE_TIMEOUT) bounds what follows");

    private PredecessorSettings() {}

    /** The names of the predecessor's settings that are none here, or mean something else. */
    static Collection<String> names() {
        TreeSet<String> names = new TreeSet<>(HERE.keySet());
        names.addAll(OTHERWISE.keySet());
        return names;
    }

    /** What stands here for a name of the predecessor's, in whichever of its spellings; empty where it is none. */
    static Optional<String> here(String id) {
        return Optional.ofNullable(HERE.get(id.toUpperCase(Locale.ROOT).replace('-', '_')));
    }

    /** One sentence for each of those names that is none here or means something else. */
    static List<String> told(Collection<String> given) {
        return names().stream()
                .filter(given::contains)
                .map(name -> HERE.containsKey(name)
                        ? name + " is set, and is none of the relay's settings: " + HERE.get(name) + "."
                        : name + " is set, and means something else here: " + OTHERWISE.get(name) + ".")
                .toList();
    }

    /** Where settings are to mean what they mean to the predecessor, the offset becomes the one that it would take. */
    static void apply(Map<ConfigKey, String> settings) {
        if (Boolean.parseBoolean(settings.get(ConfigKey.PREDECESSOR_COMPAT))) {
            settings.merge(ConfigKey.TIMEZONE_OFFSET, DEFAULT_HOURS, (given, unset) -> hours(given));
        }
    }

    /** Its leading whole number, and {@code 8} for 0. What has none stays, and is refused. */
    private static String hours(String given) {
        Matcher number = LEADING_NUMBER.matcher(given);
        if (!number.matches()) {
            return given;
        }
        int hours = Integer.parseInt(number.group(1));
        return hours == 0 ? DEFAULT_HOURS : Integer.toString(hours);
    }
}
