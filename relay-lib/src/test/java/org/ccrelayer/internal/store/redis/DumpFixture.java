package org.ccrelayer.internal.store.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.authentication.ApiKeyAuthenticator;
import org.ccrelayer.internal.authentication.LegacyClients;
import org.ccrelayer.internal.credential.CredentialCipher;
import org.ccrelayer.internal.credential.CredentialFormat;
import org.ccrelayer.internal.crypto.KeyHash;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.testkit.MovedClock;
import org.ccrelayer.testkit.PredecessorDump;
import org.ccrelayer.testkit.RedisPeer;

/** A Redis that holds what the predecessor wrote, and the relay's stores on it. */
final class DumpFixture implements AutoCloseable {
    final JsonObject secrets = PredecessorDump.secrets();
    final String encryptionKey = secrets.string("encryptionKey").orElseThrow();
    final Instant dumpedAt = Instant.ofEpochMilli(secrets.integer("dumpedAtMs").orElseThrow());
    final MovedClock clock = new MovedClock(dumpedAt);
    final RedisPeer peer = peer();
    final RedisLink redis = RedisRelay.link(peer, RedisRelay.PATIENT, InstantSource.system());
    final RedisAccounts.Terms terms = terms(encryptionKey);
    final RedisAccounts accounts = new RedisAccounts(redis, terms, clock);
    final RedisApiKeys keys = new RedisApiKeys(redis, clock);
    final PredecessorRules rules = new PredecessorRules(redis, encryptionKey);

    /** How a key in Redis is: what DUMP tells, and whether it runs out. */
    record Print(String dump, boolean runsOut) {}

    DumpFixture() {
        DumpLoader.load(redis);
    }

    private static RedisPeer peer() {
        try {
            return RedisPeer.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static RedisAccounts.Terms terms(String encryptionKey) {
        Secret secret = Secret.of(encryptionKey);
        return new RedisAccounts.Terms(
                new CredentialCipher(secret, CredentialFormat.CBC, false),
                new CredentialCipher(secret),
                ZoneOffset.ofHours(8));
    }

    ApiKeyAuthenticator authenticator(boolean byUserAgent) {
        return new ApiKeyAuthenticator(
                keys, new KeyHash(Secret.of(encryptionKey)), "cr_", clock, new LegacyClients(byUserAgent));
    }

    List<JsonObject> issued() {
        return secrets.objects("apiKeys");
    }

    String plaintext(String name) {
        return one(name).string("plaintext").orElseThrow();
    }

    String keyId(String name) {
        return one(name).string("id").orElseThrow();
    }

    private JsonObject one(String name) {
        return issued().stream()
                .filter(key -> key.string("name").orElseThrow().equals(name))
                .findFirst()
                .orElseThrow();
    }

    String account(String ref) {
        return secrets.object("refs")
                .orElseThrow()
                .object("consoleAccounts")
                .orElseThrow()
                .string(ref)
                .orElseThrow();
    }

    Map<String, String> hash(String key) {
        return redis.call(commands -> commands.hgetall(key));
    }

    Set<String> members(String key) {
        return redis.call(commands -> commands.smembers(key));
    }

    long ttl(String key) {
        return redis.call(commands -> commands.pttl(key));
    }

    /** Every key in Redis. */
    Map<String, Print> prints() {
        Map<String, Print> prints = new TreeMap<>();
        for (String key : redis.call(commands -> commands.keys("*"))) {
            prints.put(key, new Print(print(key), ttl(key) >= 0));
        }
        return prints;
    }

    /** The order within a set means nothing, and moves when the set is only looked at. */
    private String print(String key) {
        if (redis.call(commands -> commands.type(key)).equals("set")) {
            return new TreeSet<String>(members(key)).toString();
        }
        byte[] dump = redis.call(commands -> commands.dump(key));
        return Arrays.toString(dump);
    }

    /** The keys that are not as they were. */
    TreeSet<String> changedSince(Map<String, Print> before) {
        Map<String, Print> now = prints();
        TreeSet<String> changed = new TreeSet<>(before.keySet());
        changed.addAll(now.keySet());
        changed.removeIf(key -> before.containsKey(key) && before.get(key).equals(now.get(key)));
        return changed;
    }

    @Override
    public void close() throws IOException {
        redis.close();
        peer.close();
    }
}
