package org.ccrelayer.internal.store.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.ownership.Maker;
import org.ccrelayer.ownership.ObjectId;
import org.ccrelayer.ownership.ObjectKind;
import org.ccrelayer.ownership.ObjectStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The objects in Redis, one key for each kind of a relay key's. Kinds with a retention are bounded, so that many of one key and
 * kind drive out none of another; all of a lasting kind are kept. Safe for concurrent use.
 */
final class RedisObjects implements ObjectStore {
    private static final Logger LOG = LoggerFactory.getLogger(RedisObjects.class);
    private static final int MOST_PER_KEY_AND_KIND = 100_000;

    /** Behind the account, before the workspace where there is one. */
    private static final char BETWEEN = '\n';

    private final RedisLink link;
    private final RedisTexts timed;

    RedisObjects(RedisLink link, RedisTime time) {
        this(link, time, MOST_PER_KEY_AND_KIND);
    }

    /** @param most how many objects of each kind with a retention are kept of a relay key */
    RedisObjects(RedisLink link, RedisTime time, int most) {
        this.link = link;
        this.timed = new RedisTexts(link, time, most);
    }

    /** Waits for what lasts; all else is sent, so that whatever this relay asks later finds it. */
    @Override
    public void made(String keyId, Collection<ObjectId> objects, Maker maker) {
        made(
                keyId,
                objects,
                maker,
                (its, problem) -> LOG.warn(
                        "Of key {}, {} objects cannot be kept; requests that name them are refused.",
                        keyId,
                        its.size(),
                        problem));
    }

    /**
     * As {@link #made(String, Collection, Maker)}; {@code lost} is told what was sent and did not arrive, and why. The answer is there
     * when all has arrived or is lost.
     */
    CompletableFuture<?> made(
            String keyId, Collection<ObjectId> objects, Maker maker, BiConsumer<List<ObjectId>, RelayException> lost) {
        String id = keyId(keyId);
        String text = text(maker);
        List<CompletableFuture<?>> sent = new ArrayList<>();
        byKind(objects).forEach((kind, its) -> {
            List<String> names = its.stream().map(RedisObjects::name).toList();
            if (kind.lasting()) {
                Map<String, String> rows =
                        names.stream().collect(Collectors.toMap(name -> name, name -> text, (a, b) -> a));
                link.call(redis -> redis.hset(texts(id, kind), rows));
            } else {
                sent.add(timed.keep(
                                keys(id, kind), names, text, kind.retention().orElseThrow(), Duration.ZERO)
                        .handle((answer, e) -> {
                            if (e != null) {
                                lost.accept(its, Away.problem(e));
                            }
                            return answer;
                        }));
            }
        });
        return CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new));
    }

    @Override
    public Map<ObjectId, Maker> makers(String keyId, Set<ObjectId> objects) {
        return link.await(asked(keyId, objects));
    }

    @Override
    public CompletionStage<Map<ObjectId, Maker>> ask(String keyId, Set<ObjectId> objects) {
        return asked(keyId, objects);
    }

    /** Asks for all kinds before it waits for any. */
    private CompletableFuture<Map<ObjectId, Maker>> asked(String keyId, Set<ObjectId> objects) {
        String id = keyId(keyId);
        CompletableFuture<Map<ObjectId, Maker>> all = CompletableFuture.completedFuture(Map.of());
        for (Map.Entry<ObjectKind, List<ObjectId>> kind : byKind(objects).entrySet()) {
            all = all.thenCombine(asked(id, kind.getKey(), kind.getValue()), RedisObjects::together);
        }
        return all;
    }

    private CompletableFuture<Map<ObjectId, Maker>> asked(String id, ObjectKind kind, List<ObjectId> objects) {
        List<String> names = objects.stream().map(RedisObjects::name).toList();
        CompletableFuture<List<@Nullable String>> texts =
                kind.lasting() ? lasting(texts(id, kind), names) : timed.ask(keys(id, kind), names);
        return texts.thenApply(found -> makers(objects, found));
    }

    private static Map<ObjectId, Maker> makers(List<ObjectId> objects, List<@Nullable String> texts) {
        Map<ObjectId, Maker> makers = new HashMap<>();
        for (int index = 0; index < objects.size(); index++) {
            String text = texts.get(index);
            if (text != null) {
                makers.put(objects.get(index), maker(text));
            }
        }
        return makers;
    }

    private static Map<ObjectId, Maker> together(Map<ObjectId, Maker> some, Map<ObjectId, Maker> others) {
        Map<ObjectId, Maker> all = new HashMap<>(some);
        all.putAll(others);
        return all;
    }

    private CompletableFuture<List<@Nullable String>> lasting(String key, List<String> names) {
        return link.sent(redis -> redis.hmget(key, names.toArray(String[]::new)))
                .thenApply(texts -> texts.stream()
                        .<@Nullable String>map(text -> text.getValueOrElse(null))
                        .toList());
    }

    @Override
    public boolean remove(String keyId, ObjectId object) {
        String id = keyId(keyId);
        return object.kind().lasting()
                ? link.call(redis -> redis.hdel(texts(id, object.kind()), name(object))) > 0
                : timed.forget(keys(id, object.kind()), name(object));
    }

    @Override
    public void removeAll(String keyId) {
        String id = keyId(keyId);
        String[] all = Stream.of(ObjectKind.values())
                .map(kind -> keys(id, kind))
                .flatMap(keys -> Stream.of(keys.texts(), keys.asked()))
                .toArray(String[]::new);
        link.call(redis -> redis.unlink(all));
    }

    private static Map<ObjectKind, List<ObjectId>> byKind(Collection<ObjectId> objects) {
        return objects.stream()
                .collect(Collectors.groupingBy(
                        ObjectId::kind, () -> new EnumMap<>(ObjectKind.class), Collectors.toList()));
    }

    private static RedisTexts.Keys keys(String keyId, ObjectKind kind) {
        return new RedisTexts.Keys(texts(keyId, kind), RedisKeys.OBJECTS_ASKED.key(keyId, name(kind)));
    }

    private static String texts(String keyId, ObjectKind kind) {
        return RedisKeys.OBJECTS.key(keyId, name(kind));
    }

    private static String name(ObjectKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** An id may be a secret, and is kept as its hash. */
    private static String name(ObjectId object) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] digest = sha256.digest(object.id().getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String keyId(String keyId) {
        return Names.required("keyId", keyId, MAX_LENGTH);
    }

    private static String text(Maker maker) {
        String accountId = Names.required("accountId", maker.accountId(), MAX_LENGTH);
        return maker.workspace() == null ? accountId : accountId + BETWEEN + maker.workspace();
    }

    private static Maker maker(String text) {
        int end = text.indexOf(BETWEEN);
        return end < 0 ? new Maker(text, null) : new Maker(text.substring(0, end), text.substring(end + 1));
    }
}
