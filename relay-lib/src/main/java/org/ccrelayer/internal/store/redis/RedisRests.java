package org.ccrelayer.internal.store.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.ccrelayer.account.AccountRest;
import org.ccrelayer.account.RestStore;
import org.ccrelayer.internal.json.JsonException;
import org.ccrelayer.internal.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What relays on one Redis tell each other of accounts that rest, and what the predecessor tells and is told. Lengths of time go by the
 * server's clock. Safe for concurrent use.
 */
final class RedisRests implements RestStore {
    private static final Logger LOG = LoggerFactory.getLogger(RedisRests.class);
    private static final Script BEGIN = Script.of("time", "rests", "rest-begin");
    private static final Script OVER = Script.of("rests", "rest-over");
    private static final Script READ = Script.of("time", "rests", "rests-read");

    /** Others hear of a rest within a second; one that is over by then is of no use to them. */
    private static final Duration WORTH_TELLING = Duration.ofSeconds(3);

    private final RedisLink link;
    private final RedisTime time;
    private final InstantSource clock;
    private final String relay = UUID.randomUUID().toString();

    RedisRests(RedisLink link, RedisTime time, InstantSource clock) {
        this.link = link;
        this.time = time;
        this.clock = clock;
        link.load(BEGIN, OVER, READ);
    }

    @Override
    public void begun(AccountRest rest) {
        Instant now = clock.instant();
        Duration left = Duration.between(now, rest.until());
        boolean shared = left.compareTo(WORTH_TELLING) >= 0;
        Optional<PredecessorCooldown> cooldown = PredecessorCooldown.of(rest, left);
        if (!shared && cooldown.isEmpty()) {
            return;
        }
        List<String> arguments = List.of(
                time.argument(),
                shared ? Long.toString(RedisTime.micros(left)) : "0",
                field(rest.accountId(), rest.family()),
                text(rest),
                Long.toString(cooldown.map(PredecessorCooldown::seconds).orElse(0L)),
                cooldown.map(mark -> mark.json(now, relay)).orElse(""),
                relay,
                cooldown.filter(PredecessorCooldown::limited)
                        .map(mark -> HashFields.text(now))
                        .orElse(""));
        send(BEGIN, rest.accountId(), arguments);
    }

    private void send(Script script, String accountId, List<String> arguments) {
        List<String> keys = List.of(
                RedisKeys.RESTS.key(),
                RedisKeys.COOLDOWN.key(accountId),
                RedisKeys.CONSOLE.key(accountId),
                RedisKeys.OWN_ACCOUNT.key(accountId));
        link.sent(script, keys, arguments).whenComplete((answer, e) -> {
            if (e != null) {
                LOG.debug("Others are not told how account {} is.", accountId, e);
            }
        });
    }

    private String field(String accountId, String family) {
        return accountId + "\n" + family + "\n" + relay;
    }

    private String text(AccountRest rest) {
        return JsonObject.build()
                .with("relay", relay)
                .with("account", rest.accountId())
                .with("family", rest.family())
                .with("cause", rest.cause())
                .with("status", rest.status())
                .with("soft", rest.soft())
                .with("reason", rest.reason())
                .end()
                .toString();
    }

    @Override
    public void over(String accountId, String family) {
        send(OVER, accountId, List.of(relay, field(accountId, ""), field(accountId, family)));
    }

    @Override
    public List<AccountRest> others() {
        List<String> keys = List.of(RedisKeys.RESTS.key(), RedisKeys.CONSOLE_INDEX.key());
        List<Object> told = link.run(READ, keys, List.of(time.argument(), RedisKeys.COOLDOWN.prefix()));
        Instant now = clock.instant();
        List<AccountRest> others = new ArrayList<>();
        told.forEach(each -> other((List<?>) each, now).ifPresent(others::add));
        return others;
    }

    /** What is not readable is not told. */
    private Optional<AccountRest> other(List<?> told, Instant now) {
        Instant until = now.plus(Long.parseLong(told.get(0).toString()), ChronoUnit.MICROS);
        try {
            JsonObject json = JsonObject.parse(told.get(1).toString());
            return told.size() > 2
                    ? Optional.of(PredecessorCooldown.rest(told.get(2).toString(), json, until))
                    : relays(json, until);
        } catch (JsonException e) {
            return Optional.empty();
        }
    }

    private Optional<AccountRest> relays(JsonObject json, Instant until) {
        if (relay.equals(json.string("relay").orElse(relay))) {
            return Optional.empty();
        }
        return Optional.of(new AccountRest(
                json.string("account").orElse(""),
                json.string("family").orElse(""),
                until,
                json.string("cause").orElse(""),
                json.integer("status").orElse(0L).intValue(),
                json.bool("soft").orElse(false),
                json.string("reason").orElse("")));
    }
}
