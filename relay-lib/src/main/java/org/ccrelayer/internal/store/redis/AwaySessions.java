package org.ccrelayer.internal.store.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.session.SessionStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions in Redis, and while that is away those that this relay saw last. A session that it does not know stays with no
 * account then, but for binding, which is a promise: nobody is bound without Redis who may be bound elsewhere. Safe for concurrent
 * use.
 */
final class AwaySessions implements SessionStore {
    /** A time to live may be endless. */
    private static final Duration LONGEST = Duration.ofDays(3_650);

    private static final Logger LOG = LoggerFactory.getLogger(AwaySessions.class);

    private final RedisSessions redis;
    private final Away away;
    private final Remembered<Name, Stay> known = new Remembered<>();

    private record Name(String keyId, String session) {}

    /** @param common what other programs know the session by who are told of it; null where none is */
    private record Stay(
            String accountId, Instant until, @Nullable String common) {}

    AwaySessions(RedisSessions redis, Away away) {
        this.redis = redis;
        this.away = away;
    }

    @Override
    public Optional<String> account(String keyId, String session) {
        if (!away.now()) {
            try {
                Optional<String> account = redis.account(keyId, session);
                learned(keyId, session, account);
                return account;
            } catch (RelayException e) {
                passOn(e);
            }
        }
        return remembered(keyId, session);
    }

    private void learned(String keyId, String session, Optional<String> account) {
        account.ifPresentOrElse(
                found -> saw(keyId, session, found, Outage.LOCAL.multipliedBy(2)),
                () -> known.forget(new Name(keyId, session)));
    }

    @Override
    public CompletionStage<List<Optional<String>>> ask(String keyId, List<Question> questions) {
        if (away.now()) {
            return CompletableFuture.completedStage(remembered(keyId, questions));
        }
        return redis.ask(keyId, questions)
                .thenApply(accounts -> {
                    for (int number = 0; number < accounts.size(); number++) {
                        learned(keyId, questions.get(number).session(), accounts.get(number));
                    }
                    return accounts;
                })
                .exceptionally(e -> {
                    passOn(Away.problem(e));
                    return remembered(keyId, questions);
                });
    }

    private List<Optional<String>> remembered(String keyId, List<Question> questions) {
        return questions.stream()
                .map(question -> remembered(keyId, question.session()))
                .toList();
    }

    private Optional<String> remembered(String keyId, String session) {
        return known.get(new Name(keyId, session))
                .filter(stay -> away.moment().isBefore(stay.until()))
                .map(Stay::accountId);
    }

    private void saw(String keyId, String session, String accountId, Duration ttl) {
        known.saw(new Name(keyId, session), stay(accountId, ttl, null));
    }

    private Stay stay(String accountId, Duration ttl, @Nullable String common) {
        return new Stay(accountId, away.moment().plus(ttl.compareTo(LONGEST) > 0 ? LONGEST : ttl), common);
    }

    /** What is no outage stays what it is. */
    private void passOn(RelayException problem) {
        if (!away.began(problem)) {
            throw problem;
        }
    }

    @Override
    public void keep(String keyId, String session, String accountId, Duration ttl) {
        keep(keyId, session, accountId, ttl, Duration.ZERO);
    }

    @Override
    public void keepForAll(String keyId, String session, String common, String accountId, Duration ttl) {
        kept(
                new Name(keyId, session),
                stay(accountId, ttl, common),
                () -> redis.keptForAll(keyId, session, common, accountId, ttl));
    }

    @Override
    public void keep(String keyId, String session, String accountId, Duration ttl, Duration slack) {
        kept(
                new Name(keyId, session),
                stay(accountId, ttl, null),
                () -> redis.kept(keyId, session, accountId, ttl, slack));
    }

    private void kept(Name name, Stay stay, Supplier<CompletableFuture<?>> keeping) {
        if (away.now()) {
            known.owes(name, stay);
        } else {
            known.gave(name, stay);
            sent(name, stay, keeping.get());
        }
    }

    /** What did not arrive since Redis is away is sent again when it is back. */
    private CompletableFuture<?> sent(Name name, Stay stay, CompletableFuture<?> answer) {
        return answer.handle((done, e) -> {
            if (e != null) {
                lost(name, stay, Away.problem(e));
            }
            return done;
        });
    }

    private void lost(Name name, Stay stay, RelayException problem) {
        if (Trouble.ofTheServer(problem)) {
            known.lost(name, stay);
            away.began(problem);
        } else {
            LOG.warn("A session of key {} cannot be kept with its account.", name.keyId(), problem);
        }
    }

    @Override
    public Optional<String> bind(String keyId, String session, String accountId, Duration ttl) {
        if (!away.now()) {
            try {
                Optional<String> before = redis.bind(keyId, session, accountId, ttl);
                saw(keyId, session, before.orElse(accountId), ttl);
                return before;
            } catch (RelayException e) {
                passOn(e);
            }
        }
        return Optional.of(remembered(keyId, session).orElseThrow(Outage::refusal));
    }

    @Override
    public boolean renew(String keyId, String session, Duration ttl) {
        if (!away.now()) {
            try {
                return redis.renew(keyId, session, ttl);
            } catch (RelayException e) {
                passOn(e);
            }
        }
        Optional<String> account = remembered(keyId, session);
        account.ifPresent(found -> owes(new Name(keyId, session), found, ttl));
        return account.isPresent();
    }

    /** Whoever is told of the session goes on being told. */
    private void owes(Name name, String accountId, Duration ttl) {
        known.owes(name, extended(name, accountId, ttl));
    }

    private Stay extended(Name name, String accountId, Duration ttl) {
        return stay(accountId, ttl, known.get(name).map(Stay::common).orElse(null));
    }

    @Override
    public void extend(String keyId, String session, Duration ttl) {
        Name name = new Name(keyId, session);
        if (away.now()) {
            renew(keyId, session, ttl);
            return;
        }
        // What this relay did not see of it nobody could send again.
        Optional<Stay> stay = remembered(keyId, session).map(account -> extended(name, account, ttl));
        stay.ifPresent(seen -> known.saw(name, seen));
        redis.extended(keyId, session, ttl).exceptionally(e -> {
            RelayException problem = Away.problem(e);
            stay.ifPresentOrElse(seen -> lost(name, seen, problem), () -> away.began(problem));
            return null;
        });
    }

    /** One that cannot be let go of runs out: nobody's end depends on it. */
    @Override
    public void forget(String keyId, String session) {
        known.forget(new Name(keyId, session));
        if (!away.now()) {
            try {
                redis.forget(keyId, session);
            } catch (RelayException e) {
                away.began(e);
                LOG.warn("A session of key {} could not be let go of, and stays with its account.", keyId, e);
            }
        }
    }

    /** Hands Redis what was kept without it. What it refuses for what that is, it never gets. */
    void replay() {
        known.owed().forEach((name, stay) -> {
            if (!away.now()) {
                known.sent(name, stay);
                replay(name, stay);
            }
        });
    }

    private void replay(Name name, Stay stay) {
        Duration left = Duration.between(away.moment(), stay.until());
        if (left.isNegative() || left.isZero()) {
            return;
        }
        String common = stay.common();
        CompletableFuture<?> answer = common == null
                ? redis.kept(name.keyId(), name.session(), stay.accountId(), left, Duration.ZERO)
                : redis.keptForAll(name.keyId(), name.session(), common, stay.accountId(), left);
        // One after the other: too many at once would not all be sent.
        sent(name, stay, answer).join();
    }
}
