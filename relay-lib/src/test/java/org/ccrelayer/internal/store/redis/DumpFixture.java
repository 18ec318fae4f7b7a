package org.ccrelayer.internal.store.redis;

import io.lettuce.core.ScriptOutputType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
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
    /** Kept, as deriving keys takes a while. */
    private static final RedisAccounts.Terms TERMS =
            terms(PredecessorDump.secrets().string("encryptionKey").orElseThrow());

    final JsonObject secrets = PredecessorDump.secrets();
    final String encryptionKey = secrets.string("encryptionKey").orElseThrow();
    final Instant dumpedAt = Instant.ofEpochMilli(secrets.integer("dumpedAtMs").orElseThrow());
    final MovedClock clock = new MovedClock(dumpedAt);
    final RedisPeer peer;
    final RedisLink redis;
    final RedisAccounts.Terms terms = TERMS;
    final RedisAccounts accounts;
    final RedisApiKeys keys;
    final PredecessorRules rules;
    private final boolean alone;

    /** How a key in Redis is: the SHA-1 of what DUMP tells, and whether it runs out. */
    record Print(String sha1, boolean runsOut) {}

    /** On a server of its own. */
    DumpFixture() {
        this(peer(), true);
    }

    /** On a server that others had before, and will have. */
    DumpFixture(RedisPeer shared) {
        this(shared, false);
    }

    private DumpFixture(RedisPeer peer, boolean alone) {
        this.peer = peer;
        this.alone = alone;
        peer.clear();
        this.redis = RedisRelay.link(peer, RedisRelay.PATIENT, InstantSource.system());
        this.accounts = new RedisAccounts(redis, terms, clock);
        this.keys = new RedisApiKeys(redis, clock);
        this.rules = new PredecessorRules(redis, encryptionKey);
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
                ZoneOffset.ofHours(8),
                RedisRelay.endpoints(true));
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

    /** Every key in Redis, looked at in one script. The order within a set means nothing, and moves when the set is only looked at. */
    Map<String, Print> prints() {
        List<String> found = redis.call(to -> to.eval("""
                local found = {}
                for _, key in ipairs(redis.call('KEYS', '*')) do
                  local text
                  if redis.call('TYPE', key).ok == 'set' then
                    local members = redis.call('SMEMBERS', key)
                    table.sort(members)
                    text = table.concat(members, '\\n')
                  else
                    text = redis.call('DUMP', key)
                  end
                  table.insert(found, key)
                  table.insert(found, redis.sha1hex(text))
                  table.insert(found, redis.call('PTTL', key) >= 0 and 'ends' or '')
                end
                return found""", ScriptOutputType.MULTI));
        Map<String, Print> prints = new TreeMap<>();
        for (int at = 0; at < found.size(); at += 3) {
            prints.put(
                    found.get(at),
                    new Print(found.get(at + 1), !found.get(at + 2).isEmpty()));
        }
        return prints;
    }

    /** For how many milliseconds each key lives; -1 for ever. */
    Map<String, Long> lives() {
        List<Object> found = redis.call(to -> to.eval("""
                local found = {}
                for _, key in ipairs(redis.call('KEYS', '*')) do
                  table.insert(found, key)
                  table.insert(found, redis.call('PTTL', key))
                end
                return found""", ScriptOutputType.MULTI));
        Map<String, Long> lives = new TreeMap<>();
        for (int at = 0; at < found.size(); at += 2) {
            lives.put((String) found.get(at), (Long) found.get(at + 1));
        }
        return lives;
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
        if (alone) {
            peer.close();
        }
    }
}
