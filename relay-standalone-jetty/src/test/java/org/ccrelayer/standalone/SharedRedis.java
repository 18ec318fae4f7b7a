package org.ccrelayer.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.Relay;
import org.ccrelayer.account.AccountCredential;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.IssuedKey;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.internal.credential.CredentialCipher;
import org.ccrelayer.internal.credential.CredentialFormat;
import org.ccrelayer.internal.network.EndpointGuard;
import org.ccrelayer.internal.store.redis.AwayTerms;
import org.ccrelayer.internal.store.redis.Endpoints;
import org.ccrelayer.internal.store.redis.RedisAccounts;
import org.ccrelayer.internal.store.redis.RedisStore;
import org.ccrelayer.internal.store.redis.RedisTarget;
import org.ccrelayer.store.RelayStore;
import org.ccrelayer.testkit.Canaries;
import org.ccrelayer.testkit.Canary;
import org.ccrelayer.testkit.RedisPeer;
import org.ccrelayer.testkit.RelayFixture;
import org.ccrelayer.usage.UsageRecord;

/** A Redis, three relays on it that are processes of their own, and a view of what they keep there. Used by one thread. */
final class SharedRedis implements AutoCloseable {
    private static final int RELAYS = 3;
    private static final String ROWS = "relay:rows:";
    private static final String RUNNING = "relay:running:";

    private final RedisPeer peer;
    private final Path folder;
    private final List<RelayProcess> relays = new ArrayList<>();
    private final RelayStore store;
    private int accounts;

    private SharedRedis(RedisPeer peer, Path folder) {
        this.peer = peer;
        this.folder = folder;
        this.store = RedisStore.open(
                RedisTarget.of(peer.address(), null, null), terms(), new AwayTerms(true, null), InstantSource.system());
    }

    /** As relays on this machine have them. */
    static RedisAccounts.Terms terms() {
        Secret key = Secret.of(RelayFixture.ENCRYPTION_KEY);
        return new RedisAccounts.Terms(
                new CredentialCipher(key, CredentialFormat.CBC, false),
                new CredentialCipher(key),
                ZoneOffset.UTC,
                new Endpoints(new EndpointGuard(true)::check, EndpointGuard::proxyProblem));
    }

    /** A Redis that writes everything down before it answers. */
    static SharedRedis start(Path folder) throws IOException {
        return new SharedRedis(RedisPeer.start("--appendonly", "yes", "--appendfsync", "always"), folder);
    }

    /** A Redis that keeps nothing over a restart, and waits for no disk. */
    static SharedRedis inMemory(Path folder) throws IOException {
        return new SharedRedis(RedisPeer.start(), folder);
    }

    RedisPeer peer() {
        return peer;
    }

    /** What the relays keep. */
    RelayStore store() {
        return store;
    }

    /** Registers API-key accounts, and issues relay keys with those limits. */
    List<IssuedKey> prepare(List<URI> upstreams, List<KeyLimits> limits) {
        List<IssuedKey> issued = new ArrayList<>();
        try (Relay relay = relay()) {
            for (URI upstream : upstreams) {
                add(relay, upstream, new ApiKeyCredential(Secret.of(Canary.UPSTREAM_KEY.text(accounts))));
            }
            for (KeyLimits each : limits) {
                IssuedKey key =
                        relay.administration().createKey(NewKey.named("shared").withLimits(each));
                Canaries.remember(key.secret().reveal());
                issued.add(key);
            }
        }
        return issued;
    }

    /** Registers another account. */
    void account(URI upstream, AccountCredential credential) {
        try (Relay relay = relay()) {
            add(relay, upstream, credential);
        }
    }

    private void add(Relay relay, URI upstream, AccountCredential credential) {
        relay.administration()
                .createAccount(
                        new NewAccount("account-" + ++accounts, credential, upstream.toString(), null, true, Set.of()));
    }

    private Relay relay() {
        return Relay.start(RelayFixture.config(Map.of(ConfigKey.REDIS_ADDR, peer.address())));
    }

    /** Starts the three, whose leases are renewed three times within that time. */
    List<RelayProcess> relays(Duration leases) throws IOException {
        for (int number = 0; number < RELAYS; number++) {
            relays.add(relay(number, leases));
        }
        relays.forEach(RelayProcess::port);
        return List.copyOf(relays);
    }

    private RelayProcess relay(int number, Duration leases) throws IOException {
        Map<String, String> environment = new HashMap<>(RelayProcess.goodEnvironment(data(number)));
        environment.put("REDIS_ADDR", peer.address());
        environment.put("CONCURRENCY_SLOT_TTL", "" + leases.toMillis());
        return RelayProcess.startUnpackaged(folder, environment);
    }

    private Path data(int number) {
        return folder.resolve("data-" + number);
    }

    /** Starts one that was killed again, so that it books what it could not tell Redis before. */
    void again(int number, Duration leases) throws IOException {
        relays.add(relay(number, leases));
    }

    /** Whether any of them has ledger rows that Redis does not have yet. */
    boolean rowsWait() {
        try {
            for (int number = 0; number < RELAYS; number++) {
                if (Files.size(data(number).resolve("relay-away.journal")) > 0) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many exchanges of a key run; told without the deadline of a store. */
    int running(IssuedKey key) {
        return Integer.parseInt(peer.ask("ZCARD", RUNNING + key.key().id()));
    }

    /** Every row that is in the ledger. */
    List<UsageRecord> rows() {
        String keys = peer.ask("KEYS", ROWS + "*");
        return Arrays.stream(keys.split("\n"))
                .filter(key -> !key.isEmpty())
                .flatMap(key -> store.usage().ofExchange(key.substring(ROWS.length())).stream())
                .toList();
    }

    @Override
    public void close() throws IOException {
        relays.forEach(RelayProcess::close);
        store.close();
        peer.close();
    }
}
