package org.ccrelayer.internal.store.redis;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.ApiKeyStore;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.json.JsonObject;

/**
 * The relay keys in Redis, in the predecessor's layout. A change writes the fields that it changes and no others; a key that is
 * deleted stays there, marked as the predecessor marks it. Safe for concurrent use, also by several relays.
 */
final class RedisApiKeys implements ApiKeyStore {
    private static final Script READ = Script.of("keys-read");
    private static final Script FIND = Script.of("key-find");
    private static final Script CREATE = Script.of("key-create");
    private static final Script UPDATE = Script.of("key-update");
    private static final Script DELETE = Script.of("key-delete");

    /** How long a key is kept that is not used. */
    private static final long LIFE_SECONDS = 31_536_000;

    /** A key that is in use is kept longer once a day. */
    private static final long LEAST_LIFE_SECONDS = LIFE_SECONDS - 86_400;

    private static final int TRIES = 256;
    private static final int BATCH = 25;

    private final RedisLink redis;
    private final InstantSource clock;

    /** What was read of a key. */
    private record Read(PredecessorKey record, String digest) {}

    /** Keeps keys in that Redis. */
    RedisApiKeys(RedisLink redis, InstantSource clock) {
        this.redis = requireNonNull(redis, "redis");
        this.clock = requireNonNull(clock, "clock");
        redis.load(READ, FIND, CREATE, UPDATE, DELETE);
    }

    @Override
    public void create(ApiKey key) {
        Predicate<String> consoles = this::isConsole;
        String former = read(List.of(key.id())).stream()
                .map(read -> read.record().fields().text("name"))
                .findFirst()
                .orElse("");
        JsonObject json = JsonObject.empty()
                .with("id", key.id())
                .with("hash", key.hash())
                .with("set", json(PredecessorKey.created(key, consoles)))
                .with("own", json(PredecessorKey.own(key, consoles)))
                .with("ttl", LIFE_SECONDS)
                .with("name", RedisKeys.nameMember(key.name(), key.id()))
                .with("formerName", RedisKeys.nameMember(former, key.id()))
                .with("createdAt", key.createdAt().toEpochMilli())
                .with("active", key.enabled());
        String answer = answer(redis.run(CREATE, createKeys(key), List.of(json.toString())));
        if (!answer.equals("done")) {
            throw new IllegalStateException("a relay key with this " + answer + " exists");
        }
    }

    private static List<String> createKeys(ApiKey key) {
        return List.of(
                RedisKeys.KEY.key(key.id()),
                RedisKeys.OWN_KEY.key(key.id()),
                RedisKeys.KEY_HASHES.key(),
                RedisKeys.OLD_KEY_HASH.key(key.hash()),
                RedisKeys.KEYS_ALL.key(),
                RedisKeys.KEYS_BY_CREATION.key(),
                RedisKeys.KEYS_BY_USE.key(),
                RedisKeys.KEYS_BY_NAME.key(),
                RedisKeys.KEYS_ACTIVE.key(),
                RedisKeys.KEYS_DELETED.key());
    }

    @Override
    public Optional<ApiKey> find(String id) {
        return readOne(id).map(read -> read.record().key());
    }

    @Override
    public Optional<ApiKey> findByHash(String hash) {
        return redis.await(found(hash));
    }

    /** As {@link #findByHash} for several, all of which are asked for before any is waited for; each answer fails by itself. */
    Map<String, Supplier<Optional<ApiKey>>> askByHashes(List<String> hashes) {
        Map<String, Supplier<Optional<ApiKey>>> answers = new HashMap<>();
        for (String hash : hashes) {
            CompletableFuture<Optional<ApiKey>> key = found(hash);
            answers.put(hash, () -> redis.await(key));
        }
        return answers;
    }

    private CompletableFuture<Optional<ApiKey>> found(String hash) {
        CompletableFuture<List<Object>> answer = redis.sent(
                FIND,
                List.of(RedisKeys.KEY_HASHES.key(), RedisKeys.OLD_KEY_HASH.key(hash)),
                List.of(
                        hash,
                        RedisKeys.KEY.prefix(),
                        RedisKeys.OWN_KEY.prefix(),
                        Long.toString(LIFE_SECONDS),
                        Long.toString(LEAST_LIFE_SECONDS)));
        return answer.thenApply(read -> decoded(read)
                .map(Read::record)
                .filter(record -> !record.deleted())
                .filter(record -> record.fields().text("apiKey").equals(hash))
                .map(PredecessorKey::key));
    }

    @Override
    public List<ApiKey> list() {
        return records().stream()
                .filter(record -> !record.deleted())
                .map(PredecessorKey::key)
                .sorted(Comparator.comparing(ApiKey::createdAt).thenComparing(ApiKey::id))
                .toList();
    }

    /** Every key, deleted ones included. */
    List<PredecessorKey> records() {
        List<String> ids = List.copyOf(ids());
        List<PredecessorKey> records = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += BATCH) {
            List<String> batch = ids.subList(from, Math.min(ids.size(), from + BATCH));
            read(batch).forEach(read -> records.add(read.record()));
        }
        return records;
    }

    /** By the index, where there is one that can be relied on. */
    private Collection<String> ids() {
        String version = redis.call(commands -> commands.get(RedisKeys.KEY_INDEX_VERSION.key()));
        return version == null ? scanned() : union(redis.call(commands -> commands.smembers(RedisKeys.KEYS_ALL.key())));
    }

    private Set<String> union(Set<String> indexed) {
        return indexed.isEmpty() ? scanned() : indexed;
    }

    private Set<String> scanned() {
        return RedisScan.names(
                redis, RedisKeys.KEY.prefix(), key -> RedisKeys.KEY.id(key).isPresent());
    }

    @Override
    public Optional<ApiKey> update(String id, UnaryOperator<ApiKey> change) {
        for (int tries = 0; tries < TRIES; tries++) {
            Optional<Read> read = readOne(id);
            if (read.isEmpty()) {
                return Optional.empty();
            }
            ApiKey old = read.get().record().key();
            ApiKey changed = change.apply(old);
            if (!changed.id().equals(old.id()) || !changed.hash().equals(old.hash())) {
                throw new IllegalArgumentException("a change must not touch id or hash");
            }
            if (changed.equals(old) || written(read.get(), old, changed)) {
                return Optional.of(changed);
            }
        }
        throw new RelayException(Outcome.STORE_UNAVAILABLE, "The relay key is being changed too often. Try again.");
    }

    private boolean written(Read read, ApiKey old, ApiKey changed) {
        Predicate<String> consoles = this::isConsole;
        FieldChange fields =
                FieldChange.between(PredecessorKey.fields(old, consoles), PredecessorKey.fields(changed, consoles));
        FieldChange own = FieldChange.between(PredecessorKey.own(old, consoles), PredecessorKey.own(changed, consoles));
        Map<String, String> set = new LinkedHashMap<>(fields.set());
        if (!fields.isEmpty()) {
            set.put("updatedAt", HashFields.text(clock.instant()));
        }
        JsonObject json = JsonObject.empty()
                .with("id", changed.id())
                .with("set", json(set))
                .with("own", json(own.set()))
                .with("ownDrop", own.drop())
                .with("ttl", LIFE_SECONDS)
                .with("formerName", RedisKeys.nameMember(read.record().fields().text("name"), old.id()))
                .with("name", RedisKeys.nameMember(changed.name(), old.id()))
                .with("active", old.enabled() == changed.enabled() ? null : changed.enabled());
        List<String> keys = List.of(
                RedisKeys.KEY.key(changed.id()),
                RedisKeys.OWN_KEY.key(changed.id()),
                RedisKeys.KEYS_BY_NAME.key(),
                RedisKeys.KEYS_ACTIVE.key());
        return answer(redis.run(UPDATE, keys, List.of(read.digest(), json.toString())))
                .equals("done");
    }

    @Override
    public boolean delete(String id) {
        Instant now = clock.instant();
        List<Object> answer = redis.run(
                DELETE,
                List.of(
                        RedisKeys.KEY.key(id),
                        RedisKeys.KEY_HASHES.key(),
                        RedisKeys.KEYS_ACTIVE.key(),
                        RedisKeys.KEYS_DELETED.key()),
                List.of(id, HashFields.text(now), "relay", Long.toString(LIFE_SECONDS)));
        return answer(answer).equals("done");
    }

    private boolean isConsole(String id) {
        return redis.call(commands -> commands.exists(RedisKeys.CONSOLE.key(id))) > 0;
    }

    private Optional<Read> readOne(String id) {
        return read(List.of(id)).stream()
                .filter(read -> !read.record().deleted())
                .findFirst();
    }

    private List<Read> read(List<String> ids) {
        List<String> arguments = new ArrayList<>(List.of(RedisKeys.KEY.prefix(), RedisKeys.OWN_KEY.prefix()));
        arguments.addAll(ids);
        return redis.run(READ, List.of(), arguments).stream()
                .flatMap(answer -> decoded((List<?>) answer).stream())
                .toList();
    }

    /** Keys of other kinds have other names, but whatever lacks an id or a hash is no relay key. */
    private static Optional<Read> decoded(List<?> answer) {
        if (answer.size() < 3) {
            return Optional.empty();
        }
        PredecessorKey record = new PredecessorKey(HashFields.of(answer.get(0)), HashFields.of(answer.get(1)));
        return record.fields().has("id") && record.fields().has("apiKey")
                ? Optional.of(new Read(record, answer.get(2).toString()))
                : Optional.empty();
    }

    private static String answer(List<Object> answer) {
        return answer.get(0).toString();
    }

    private static JsonObject json(Map<String, String> fields) {
        JsonObject.Builder json = JsonObject.build();
        fields.forEach(json::with);
        return json.end();
    }
}
