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
            "the window, the sums of the day and the weeks that were asked for last, and what shadow budgets counted"),
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
    PROBE("relay:probe", "string", "one minute", "that a relay found Redis taking writes again"),
    OWN_KEY("relay:key:{key}", "hash", "none", "what the predecessor cannot say of a relay key"),
    OWN_ACCOUNT(
            "relay:account:{account}",
            "hash",
            "none",
            "what the predecessor cannot say of an account, or a whole account that it does not see"),
    OWN_ACCOUNTS("relay:accounts", "set", "none", "the accounts that the predecessor does not see"),
    TOLD(
            "relay:told:{key}",
            "string",
            "none",
            "nano-USD that the relay added to the predecessor's total cost of a key"),
    TOLD_IN(
            "relay:told:{key}:{day}",
            "string",
            "as its counter: 30 days",
            "nano-USD that the relay added to the predecessor's cost of a key in a day"),

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
    SERVICE_RATES("system:service_rates", "string", "none", "what services count for, as JSON"),
    SETTINGS(
            "claude_relay_config", "string", "none", "the predecessor's settings, which only the check reads, as JSON"),
    PLACES(
            "concurrency:{key}",
            "sorted set",
            "the longest lease and 30 seconds",
            "exchanges of a key with a limit, the relay's own with `relay:` before them, by when their lease ends"),
    WINDOW(
            "rate_limit:{what}:{key}",
            "string",
            "the window",
            "`window_start`, `requests`, `tokens` and `cost` of a key's window"),
    USAGE_TOTAL("usage:{key}", "hash", "none", "tokens and requests of a key"),
    USAGE_OF_PERIOD("usage:{length}:{key}:{period}", "hash", Lives.USAGE, "the same of an hour, a day or a month"),
    USAGE_OF_MODEL("usage:model:{length}:{model}:{period}", "hash", Lives.USAGE, "the same of a model"),
    USAGE_MODEL_TOTAL("usage:{key}:model:alltime:{model}", "hash", "none", "the same of a key's model, and its cost"),
    USAGE_MODEL_PERIOD(
            "usage:{key}:model:{length}:{model}:{period}",
            "hash",
            Lives.USAGE,
            "the same of an hour, a day or a month"),
    USAGE_GLOBAL("usage:global:total", "hash", "none", "tokens and requests of everything"),
    USAGE_GLOBAL_PERIOD("usage:global:{length}:{period}", "hash", Lives.USAGE, "the same of a day or a month"),
    USAGE_MINUTE("system:metrics:minute:{minute}", "hash", "10 minutes", "tokens and requests that ended in a minute"),
    USAGE_RECORDS("usage:records:{key}", "list", "90 days", "the last 200 requests of a key, as JSON"),
    COST_TOTAL("usage:cost:total:{key}", "string", "none", "dollars that count against a key's total budget"),
    COST_PERIOD(
            "usage:cost:{length}:{key}:{period}",
            "string",
            "hours 7 days, days 30, months 90",
            "the same of an hour, a day or a month"),
    REAL_COST_TOTAL("usage:cost:real:total:{key}", "string", "none", "dollars before service rates"),
    REAL_COST_DAY("usage:cost:real:daily:{key}:{day}", "string", "30 days", "the same of a day"),
    WEEK_COST_TOTAL("usage:opus:total:{key}", "string", "none", "dollars that counted against weekly budgets"),
    WEEK_COST("usage:opus:weekly:{key}:{week}", "string", "14 days", "the same of a week, by when it began"),
    REAL_WEEK_COST_TOTAL("usage:opus:real:total:{key}", "string", "none", "dollars before service rates"),
    REAL_WEEK_COST("usage:opus:real:weekly:{key}:{week}", "string", "14 days", "the same of a week"),
    ACCOUNT_USAGE_TOTAL("account_usage:{account}", "hash", "none", "tokens and requests of an account"),
    ACCOUNT_USAGE_PERIOD(
            "account_usage:{length}:{account}:{period}", "hash", Lives.USAGE, "the same of an hour, a day or a month"),
    ACCOUNT_USAGE_MODEL(
            "account_usage:model:{length}:{account}:{model}:{period}", "hash", Lives.USAGE, "the same of a model"),
    KEYS_OF_PERIOD("usage:{length}:index:{period}", "set", Lives.USAGE, "the keys that were used"),
    KEY_MODELS_OF_PERIOD(
            "usage:keymodel:{length}:index:{period}", "set", Lives.USAGE, "keys with the models they used"),
    MODELS_OF_PERIOD("usage:model:{length}:index:{period}", "set", Lives.USAGE, "the models that were used"),
    MODEL_MONTHS("usage:model:monthly:months", "set", "none", "the months in which models were used"),
    ACCOUNTS_OF_PERIOD("account_usage:{length}:index:{period}", "set", Lives.USAGE, "the accounts that were used"),
    ACCOUNT_MODELS_OF_PERIOD(
            "account_usage:model:{length}:index:{period}",
            "set",
            Lives.USAGE,
            "accounts with the models they were used for"),
    INDEX_EMPTY("{index}:empty", "string", "one hour", "that an index is empty, whatever it holds");

    /** The channel, which is no key, on which relays tell each other what they changed. */
    static final String CHANGES = "relay:changes";

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

    /** What several keys have in common; constants cannot name a field of their own class. */
    private static final class Lives {
        static final String USAGE = "hours 7 days, days 32, months 365";
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
        return !pattern.startsWith("relay:") && !pattern.startsWith("{sum}");
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
                spentBefore(keyId),
                KEY.key(keyId),
                TOLD.key(keyId));
    }

    /** The predecessor's keys for scripts: a table in Lua by the constants' names, with {@code %s} in the patterns' places. */
    static String patterns() {
        StringBuilder lua = new StringBuilder("local PATTERNS = {\n");
        for (RedisKeys each : values()) {
            if (each.predecessors()) {
                lua.append("  ").append(name(each)).append(" = '");
                lua.append(String.join("%s", each.literals)).append("',\n");
            }
        }
        return lua.append("}\n").toString();
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
