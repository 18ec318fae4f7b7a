package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.Relay;
import org.ccrelayer.RelayConfig;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.IssuedKey;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.internal.credential.CredentialCipher;
import org.ccrelayer.internal.store.embedded.EmbeddedStore;
import org.ccrelayer.internal.store.embedded.StoreTime;
import org.ccrelayer.testkit.Canaries;
import org.ccrelayer.testkit.Canary;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RecordingListener;
import org.ccrelayer.testkit.RelayFixture;
import org.ccrelayer.testkit.Wait;
import org.ccrelayer.usage.UsageRecord;
import org.jspecify.annotations.Nullable;

/** A relay behind a server of its own, with one relay key and the accounts that a test gives it. */
final class StandaloneRelay implements AutoCloseable {
    /** The credential of every account that names no other, followed by the account's number. */
    static final String ACCOUNT_KEY = Canary.UPSTREAM_KEY.text() + "-";

    private final @Nullable Path directory;
    private final EmbeddedStore store;
    private final RecordingListener listener = new RecordingListener();
    private final Relay relay;
    private final RelayServer server;
    private final IssuedKey key;
    private int accounts;

    private StandaloneRelay(
            @Nullable Path directory, EmbeddedStore store, Map<ConfigKey, String> settings, InstantSource clock) {
        this.directory = directory;
        this.store = store;
        RelayConfig config = RelayFixture.config(settings);
        relay = Relay.builder(config)
                .store(store)
                .listener(listener)
                .clock(clock)
                .start();
        server = RelayServer.start(config, relay);
        key = relay.administration().createKey(NewKey.named("test"));
        Canaries.remember(key());
    }

    /** A relay in memory without accounts. */
    static StandaloneRelay start() {
        return start(Map.of());
    }

    /** A relay in memory without accounts and with other settings. */
    static StandaloneRelay start(Map<ConfigKey, String> settings) {
        return start(settings, InstantSource.system());
    }

    /** A relay in memory without accounts that lives in another time. */
    static StandaloneRelay start(Map<ConfigKey, String> settings, InstantSource clock) {
        return new StandaloneRelay(null, EmbeddedStore.inMemory(StoreTime.utc(clock)), settings, clock);
    }

    /** A relay on that directory, with what other relays left there. */
    static StandaloneRelay on(Path directory) {
        CredentialCipher cipher = new CredentialCipher(Secret.of(RelayFixture.ENCRYPTION_KEY));
        InstantSource clock = InstantSource.system();
        EmbeddedStore store = EmbeddedStore.open(directory, cipher, StoreTime.utc(clock));
        return new StandaloneRelay(directory, store, Map.of(), clock);
    }

    /** Issues another relay key, with these limits. */
    IssuedKey issue(KeyLimits limits) {
        IssuedKey issued = relay.administration().createKey(NewKey.named("limited"));
        Canaries.remember(issued.secret().reveal());
        store.apiKeys().update(issued.key().id(), old -> limited(old, limits));
        return issued;
    }

    private static ApiKey limited(ApiKey old, KeyLimits limits) {
        return new ApiKey(
                old.id(),
                old.name(),
                old.hash(),
                old.enabled(),
                limits,
                old.createdAt(),
                old.expiresAt(),
                old.activation());
    }

    /** Adds an account, which is chosen first if it is the first. */
    Account account(URI baseUrl) {
        return account(baseUrl, ACCOUNT_KEY + (accounts + 1));
    }

    /** Adds an account with that credential. */
    Account account(URI baseUrl, String credential) {
        return relay.administration()
                .createAccount(NewAccount.apiKey("account-" + ++accounts, baseUrl.toString(), Secret.of(credential)));
    }

    /** Adds an account with that credential. */
    Account account(URI baseUrl, AccountCredential credential) {
        return relay.administration()
                .createAccount(
                        new NewAccount("account-" + ++accounts, credential, baseUrl.toString(), null, true, Set.of()));
    }

    Relay relay() {
        return relay;
    }

    RelayServer server() {
        return server;
    }

    RecordingListener listener() {
        return listener;
    }

    EmbeddedStore store() {
        return store;
    }

    /** The relay key. */
    String key() {
        return key.secret().reveal();
    }

    /** The relay key's id. */
    String keyId() {
        return key.key().id();
    }

    /** The rows that the ledger holds for an exchange. */
    List<UsageRecord> rows(RequestSummary summary) {
        return store.usage().ofExchange(summary.exchangeId());
    }

    RawClient client() throws IOException {
        return new RawClient(server.port());
    }

    /** One request for a message on a connection of its own. */
    RawClient.Answer post(byte[] body, String... headers) throws IOException {
        return post("/v1/messages", body, headers);
    }

    /** One POST on a connection of its own. */
    RawClient.Answer post(String target, byte[] body, String... headers) throws IOException {
        try (RawClient client = client()) {
            return client.post(target, key(), body, headers).readAnswer();
        }
    }

    /** A request for a message. */
    static byte[] message() {
        return body(false);
    }

    /** A request for a stream. */
    static byte[] stream() {
        return body(true);
    }

    private static byte[] body(boolean stream) {
        return ("{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":100,\"stream\":" + stream
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + Canary.PROMPT.text() + "\"}]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Looks into the store's files, while the relay works on them and after it. */
    private void assertNoCanaryOnDisk() {
        if (directory != null) {
            Canaries.assertNoneBelow(directory);
        }
    }

    /** Stops it all and checks that nothing was left behind. */
    @Override
    public void close() {
        try {
            assertNoCanaryOnDisk();
            Wait.until("no exchange in flight", () -> relay.exchangesInFlight() == 0);
            Wait.until("no body held", () -> relay.bodyBytesInUse() == 0);
            assertThat(relay.permitsHeld()).as("permits held").isZero();
            assertThat(relay.drainsRunning()).as("drains running").isZero();
        } finally {
            server.close();
        }
        assertNoCanaryOnDisk();
    }
}
