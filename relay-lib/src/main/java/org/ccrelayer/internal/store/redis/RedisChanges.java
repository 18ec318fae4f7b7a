package org.ccrelayer.internal.store.redis;

import io.lettuce.core.api.StatefulConnection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells all relays on one Redis, this one included, what one of them changed. What is told while a relay's connection for it is away
 * does not reach that relay: nobody may rely on it. Safe for concurrent use.
 */
final class RedisChanges implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisChanges.class);
    private static final char BETWEEN = ' ';

    private final RedisLink link;
    private final Map<Kind, List<Consumer<String>>> listeners = new EnumMap<>(Kind.class);
    private @Nullable StatefulConnection<String, String> hearing;

    /** What was changed. */
    enum Kind {
        /** A relay key. */
        KEY,
        /** An account. */
        ACCOUNT,
        /** An account's tokens. */
        TOKEN
    }

    RedisChanges(RedisLink link) {
        this.link = link;
        Stream.of(Kind.values()).forEach(kind -> listeners.put(kind, new CopyOnWriteArrayList<>()));
    }

    /** Has {@code listener} told the ids of what of that kind is changed, on any thread; it must not wait. */
    void on(Kind kind, Consumer<String> listener) {
        listeners.get(kind).add(listener);
    }

    /**
     * Begins to hear of other relays' changes; to be called once, before it is closed.
     *
     * @throws IllegalStateException if no connection can be made for that
     */
    void hear() {
        hearing = link.hear(RedisKeys.CHANGES, this::heard);
    }

    private void heard(String message) {
        int end = message.indexOf(BETWEEN);
        Optional<Kind> kind = Stream.of(Kind.values())
                .filter(known -> end > 0 && known.name().equals(message.substring(0, end)))
                .findFirst();
        kind.ifPresent(known -> here(known, message.substring(end + 1)));
    }

    private void here(Kind kind, String id) {
        listeners.get(kind).forEach(listener -> listener.accept(id));
    }

    /** Tells it here at once, and other relays without waiting for them. */
    void tell(Kind kind, String id) {
        here(kind, id);
        link.sent(redis -> redis.publish(RedisKeys.CHANGES, kind.name() + BETWEEN + id))
                .whenComplete((heard, e) -> {
                    if (e != null) {
                        LOG.debug("Other relays see a change when what they know is too old.", e);
                    }
                });
    }

    @Override
    public void close() {
        if (hearing != null) {
            hearing.close();
        }
    }
}
