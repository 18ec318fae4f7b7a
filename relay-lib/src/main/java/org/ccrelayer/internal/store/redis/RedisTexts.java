package org.ccrelayer.internal.store.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Texts by name, each for a time by the server's clock, in two keys of which one says what was asked for last. A bounded number is
 * kept; the one that was asked for or kept longest ago goes first. Safe for concurrent use.
 */
final class RedisTexts {
    private static final Script GET = Script.of("time", "texts", "texts-get");
    private static final Script KEEP = Script.of("time", "texts", "texts-keep");
    private static final Script BIND = Script.of("time", "texts", "texts-bind");
    private static final Script RENEW = Script.of("time", "texts", "texts-renew");
    private static final Script FORGET = Script.of("time", "texts", "texts-forget");

    private final RedisLink link;
    private final RedisTime time;
    private final int most;

    /** @param most how many texts each pair of keys holds */
    RedisTexts(RedisLink link, RedisTime time, int most) {
        this.link = link;
        this.time = time;
        this.most = most;
        link.load(GET, KEEP, BIND, RENEW, FORGET);
    }

    /** The two keys of some texts. */
    record Keys(String texts, String asked) {
        private List<String> both() {
            return List.of(texts, asked);
        }
    }

    /** The texts of those names, in their order; null where there is none. */
    List<@Nullable String> texts(Keys keys, Collection<String> names) {
        return texts(link.run(GET, keys.both(), arguments(names)));
    }

    private static List<@Nullable String> texts(List<Object> answer) {
        List<@Nullable String> found = new ArrayList<>();
        answer.forEach(text -> found.add((String) text));
        return found;
    }

    /** As {@link #texts(Keys, Collection)}, without waiting. */
    CompletableFuture<List<@Nullable String>> ask(Keys keys, Collection<String> names) {
        return link.sent(GET, keys.both(), arguments(names)).thenApply(RedisTexts::texts);
    }

    /**
     * Keeps a text under each of those names, unless it stands there for longer than {@code ttl} less {@code slack}; does not wait.
     */
    CompletableFuture<?> keep(Keys keys, Collection<String> names, String text, Duration ttl, Duration slack) {
        long slackMicros = slack.isZero() ? 0 : RedisTime.micros(slack);
        return link.sent(KEEP, keys.both(), arguments(names, text, micros(ttl), "" + slackMicros, "" + most));
    }

    /** Keeps a text, unless there is one already, which is answered. */
    Optional<String> bind(Keys keys, String name, String text, Duration ttl) {
        List<Object> before = link.run(BIND, keys.both(), arguments(List.of(name), text, micros(ttl), "" + most));
        return before.isEmpty() ? Optional.empty() : Optional.ofNullable((String) before.get(0));
    }

    /** As {@link #renew}, without waiting. */
    CompletableFuture<?> extend(Keys keys, String name, Duration ttl) {
        return link.sent(RENEW, keys.both(), arguments(List.of(name), micros(ttl)));
    }

    /** Lets a text be kept from now on for that long; false where there is none. */
    boolean renew(Keys keys, String name, Duration ttl) {
        return link.decides(RENEW, keys.both(), arguments(List.of(name), micros(ttl)));
    }

    /** Forgets a text; false where there is none. */
    boolean forget(Keys keys, String name) {
        return link.decides(FORGET, keys.both(), arguments(List.of(name)));
    }

    private List<String> arguments(Collection<String> names, String... before) {
        List<String> arguments = new ArrayList<>(1 + before.length + names.size());
        arguments.add(time.argument());
        arguments.addAll(List.of(before));
        arguments.addAll(names);
        return arguments;
    }

    private static String micros(Duration length) {
        return Long.toString(RedisTime.micros(length));
    }
}
