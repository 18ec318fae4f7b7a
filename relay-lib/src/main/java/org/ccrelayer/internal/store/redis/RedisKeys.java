package org.ccrelayer.internal.store.redis;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ccrelayer.usage.UsagePeriod;
import org.ccrelayer.usage.UsageSubject;

/**
 * Every key that the relay reads or writes in a Redis: the only place where keys are made up, and the table that documents them. What
 * does not begin with {@code relay:} is the predecessor's.
 */
enum RedisKeys {
    LEASE(
            "relay:lease:{exchange}",
            "hash",
            "none; until it ends or is reaped",
            "what an exchange holds of its key's limits: moment, family, reservation, open rows"),
    RUNNING(
            "relay:running:{key}",
            "sorted set",
            "none; until they end or run out",
            "exchanges by when their lease ends"),
    LOST("relay:lost", "sorted set", "none; until they end or are reaped", "leases by when they count as lost"),
    RESERVED(
            "relay:reserved:{key}",
            "hash",
            "none; until nothing is reserved",
            "nano-USD reserved, altogether and by hour and family of the exchange"),
    BOOK(
            "relay:book:{key}",
            "hash",
            "none",
            "the window, the sums of the day and week that were asked for last, and what shadow budgets counted"),
    SPENT("relay:spent:{key}:{hour}", "hash", "9 days behind the hour", "nano-USD by family, by hours since 1970"),
    ROWS("relay:rows:{exchange}", "hash", "90 days", "ledger rows by attempt: the state's letter, then JSON"),
    ROWS_OF(
            "relay:rows-of:{row}",
            "string",
            "90 days",
            "the key of the rows of an exchange of which a row's name does not tell"),
    EVERYTHING("relay:usage:everything", "hash", "none", "the sum of all rows"),
    USAGE("relay:usage:{kind}:{id}", "hash", "none", "the sum of the rows of a key, an account or a model"),
    USAGE_PERIODS(
            "{sum}:{period}",
            "sorted set",
            "as its latest period",
            "the hours, days or months of a sum, by when they began"),
    USAGE_PERIOD(
            "{sum}:{period}:{name}",
            "hash",
            "hours 7 days, days 32, months 365, behind their end",
            "the sum of an hour, a day or a month"),
    MODELS("relay:usage:key:{key}:models", "hash", "none", "the sums of a key's rows by model"),
    SESSIONS(
            "relay:sessions:{key}",
            "hash",
            "as its longest session",
            "accounts of sessions, each behind the moment at which it is over"),
    SESSIONS_ASKED(
            "relay:sessions:{key}:asked",
            "sorted set",
            "as its longest session",
            "sessions by when they were asked for"),
    OBJECTS(
            "relay:objects:{key}:{kind}",
            "hash",
            "as its longest object; files, skills and batches none",
            "makers of objects by the SHA-256 of their ids"),
    OBJECTS_ASKED(
            "relay:objects:{key}:{kind}:asked",
            "sorted set",
            "as its longest object",
            "objects by when they were asked for"),
    TOKEN("relay:token:{account}", "string", "none", "the tokens of an account as JSON, sealed"),
    RESTS(
            "relay:rests",
            "hash",
            "as its longest rest",
            "accounts that rest, each behind the moment at which that is over"),
    OWN_KEY("relay:key:{key}", "hash", "365 days", "what the predecessor cannot say of a relay key"),
    OWN_ACCOUNT(
            "relay:account:{account}",
            "hash",
            "none",
            "what the predecessor cannot say of an account, or a whole account that it does not see"),
    OWN_ACCOUNTS("relay:accounts", "set", "none", "the accounts that the predecessor does not see"),

    KEY("apikey:{key}", "hash", "365 days", "a relay key"),
    KEY_HASHES("apikey:hash_map", "hash", "none", "relay keys by their hash"),
    OLD_KEY_HASH("apikey_hash:{hash}", "hash", "none", "a relay key by its hash, in old records"),
    KEYS_ALL("apikey:idx:all", "set", "none", "all relay keys, deleted ones too"),
    KEYS_BY_CREATION("apikey:idx:createdAt", "sorted set", "none", "relay keys by when they were issued"),
    KEYS_BY_USE("apikey:idx:lastUsedAt", "sorted set", "none", "relay keys by when they were last used, 0 for never"),
    KEYS_BY_NAME("apikey:idx:name", "sorted set", "none", "relay keys by name"),
    KEYS_ACTIVE("apikey:set:active", "set", "none", "relay keys that are neither disabled nor deleted"),
    KEYS_DELETED("apikey:set:deleted", "set", "none", "relay keys that are deleted"),
    KEY_INDEX_VERSION("apikey:index:version", "string", "none", "the version of the indexes, if they can be relied on"),
    CONSOLE("claude_console_account:{account}", "hash", "none", "an API-key account"),
    CONSOLE_INDEX("claude_console_account:index", "set", "none", "the API-key accounts"),
    CONSOLE_INDEX_EMPTY(
            "claude_console_account:index:empty",
            "string",
            "one hour",
            "that there are none, whatever the index holds"),
    CONSOLE_SHARED("shared_claude_console_accounts", "set", "none", "the API-key accounts that serve every relay key"),
    LOGIN("claude:account:{account}", "hash", "none", "a consumer login, which is listed and never used"),
    LOGIN_INDEX("claude:account:index", "set", "none", "the consumer logins"),
    GROUPS("account_groups", "set", "none", "the groups of accounts"),
    GROUP_MEMBERS("account_group_members:{group}", "set", "none", "the accounts of a group"),
    GROUPS_OF("account_groups_reverse:claude:{account}", "set", "none", "the groups of an account"),
    SESSION_MAPPING(
            "unified_claude_session_mapping:{session}",
            "string",
            "as the session",
            "the account that a session is with, as JSON"),
    OLD_SESSION_MAPPING(
            "sticky_session:{session}", "string", "one hour", "the account that a session is with, in old records"),
    SESSION_BINDING(
            "original_session_binding:{session}",
            "string",
            "a day, or as set there",
            "the account that a session is bound to, as JSON"),
    COOLDOWN(
            "temp_unavailable:claude-console:{account}",
            "string",
            "as the rest",
            "that an API-key account is left alone for a time, as JSON"),
    TOKEN_LOCK("token_refresh_lock:claude:{account}", "string", "one minute", "who may call for an account's token"),
    SERVICE_RATES("system:service_rates", "string", "none", "what services count for, as JSON");

    private final String pattern;
    private final String type;
    private final String life;
    private final String holds;
    private final String[] literals;

    RedisKeys(String pattern, String type, String life, String holds) {
        this.pattern = pattern;
        this.type = type;
        this.life = life;
        this.holds = holds;
        this.literals = Pattern.compile("\\{[a-z]+}").split(pattern, -1);
    }

    /** The key with those texts in the pattern's places. */
    String key(String... parts) {
        if (parts.length != literals.length - 1) {
            throw new IllegalArgumentException("the key " + pattern + " has " + (literals.length - 1) + " parts");
        }
        StringBuilder key = new StringBuilder(literals[0]);
        for (int part = 0; part < parts.length; part++) {
            if (predecessors()) {
                key.append(parts[part]);
            } else {
                append(key, parts[part]);
            }
            key.append(literals[part + 1]);
        }
        return key.toString();
    }

    /** Whether the predecessor made it up. */
    private boolean predecessors() {
        return !pattern.startsWith("relay:") && !pattern.startsWith("{");
    }

    /** What all keys of this pattern begin with. */
    String prefix() {
        return literals[0];
    }

    /** What stands in the pattern's one place at its end; empty where the key is another. The predecessor's only. */
    Optional<String> id(String key) {
        boolean fits = key.startsWith(prefix()) && key.indexOf(':', prefix().length()) < 0;
        return fits && Stream.of(values()).noneMatch(each -> each.pattern.equals(key))
                ? Optional.of(key.substring(prefix().length()))
                : Optional.empty();
    }

    /** A relay key's member in the index by name. */
    static String nameMember(String name, String id) {
        return name.toLowerCase(Locale.ROOT) + '\0' + id;
    }

    /** No part may look like two, and none may hold what UTF-8 cannot tell apart. */
    private static void append(StringBuilder key, String part) {
        part.codePoints().forEach(c -> {
            boolean alone = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
            if (c == ':' || c == '%' || c < ' ' || alone) {
                key.append(String.format(Locale.ROOT, "%%%04X", c));
            } else {
                key.appendCodePoint(c);
            }
        });
    }

    /** What the keys of all hours begin with in which a relay key spent something. */
    static String spentBefore(String keyId) {
        return SPENT.key(keyId, "");
    }

    /** The sum of a subject. */
    static String usage(UsageSubject subject) {
        return subject.kind() == UsageSubject.Kind.EVERYTHING
                ? EVERYTHING.key()
                : USAGE.key(name(subject.kind()), subject.id());
    }

    /** What follows the key of a sum for the index of its periods of a length. */
    static String periods(UsagePeriod period) {
        return USAGE_PERIODS.key("", name(period));
    }

    /** What follows the key of a sum for one of its periods, of which an empty name makes the beginning. */
    static String period(UsagePeriod period, String name) {
        return periods(period) + ":" + name;
    }

    /** The keys that every script of a relay key's limits takes first. */
    static List<String> limits(String keyId, String exchangeId) {
        return List.of(
                LEASE.key(exchangeId),
                RUNNING.key(keyId),
                LOST.key(),
                RESERVED.key(keyId),
                BOOK.key(keyId),
                usage(UsageSubject.key(keyId)),
                spentBefore(keyId));
    }

    /** The relay's own keys, or the predecessor's that it reads or writes, as a table in Markdown. */
    static String table(boolean predecessors) {
        StringBuilder table = new StringBuilder("| key | type | TTL | holds |\n|---|---|---|---|\n");
        for (RedisKeys each : values()) {
            if (each.predecessors() == predecessors) {
                table.append("| `").append(each.pattern).append("` | ");
                table.append(String.join(" | ", each.type, each.life, each.holds))
                        .append(" |\n");
            }
        }
        return table.toString();
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
