package org.ccrelayer.internal.store.redis;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ccrelayer.account.ConsumerLogin;

/** The predecessor's consumer logins, of which name and proxy are read, and nothing is written. Safe for concurrent use. */
final class ConsumerLogins {
    private final RedisLink redis;
    private final AtomicBoolean searched = new AtomicBoolean();

    ConsumerLogins(RedisLink redis) {
        this.redis = redis;
    }

    /** All of them, by their ids. */
    List<ConsumerLogin> list() {
        return ids().stream().flatMap(id -> read(id).stream()).toList();
    }

    /** A predecessor of long ago kept no index; without one all keys are searched, but only once. */
    private TreeSet<String> ids() {
        Set<String> indexed = redis.call(commands -> commands.smembers(RedisKeys.LOGIN_INDEX.key()));
        if (!indexed.isEmpty() || searched.get()) {
            return new TreeSet<>(indexed);
        }
        TreeSet<String> found = RedisScan.names(
                redis, RedisKeys.LOGIN.prefix(), key -> RedisKeys.LOGIN.id(key).isPresent() && isHash(key));
        searched.set(found.isEmpty());
        return found;
    }

    private boolean isHash(String key) {
        return redis.call(commands -> commands.type(key)).equals("hash");
    }

    private Optional<ConsumerLogin> read(String id) {
        // Asked for single fields Redis would put the record in another order, and its DUMP would not be what it was.
        HashFields fields = new HashFields(redis.call(commands -> commands.hgetall(RedisKeys.LOGIN.key(id))));
        return fields.has("id")
                ? Optional.of(new ConsumerLogin(
                        id,
                        fields.text("name"),
                        PredecessorProxy.read(fields.text("proxy")).orElse(null)))
                : Optional.empty();
    }
}
