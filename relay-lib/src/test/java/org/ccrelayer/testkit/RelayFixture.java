package org.ccrelayer.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.InMemoryRelays;
import org.ccrelayer.Relay;
import org.ccrelayer.RelayConfig;
import org.ccrelayer.RelayConfigBuilder;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.store.RelayStore;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;

/** A relay in memory with one account per simulated upstream and one relay key. */
public final class RelayFixture implements AutoCloseable {
    public static final String ENCRYPTION_KEY = Canary.ENCRYPTION_KEY.text();
    public static final String JWT_SECRET = Canary.JWT_SECRET.text();
    public static final String ADMIN_PASSWORD = Canary.ADMIN_PASSWORD.text();

    private final Relay relay;
    private final RelayConfig config;
    private final String key;
    private final RecordingListener listener = new RecordingListener();
    private final List<Account> accounts = new ArrayList<>();

    private RelayFixture(Map<ConfigKey, String> settings, List<SimulatedClaude> upstreams) {
        this(settings, upstreams, new ArrayByteBufferPool());
    }

    private RelayFixture(Map<ConfigKey, String> settings, List<SimulatedClaude> upstreams, ByteBufferPool buffers) {
        this.config = config(settings);
        this.relay = InMemoryRelays.start(config, listener, buffers);
        this.key = settle(upstreams);
    }

    private RelayFixture(Map<ConfigKey, String> settings, RelayStore store, List<SimulatedClaude> upstreams) {
        this.config = config(settings);
        this.relay = Relay.builder(config).store(store).listener(listener).start();
        this.key = settle(upstreams);
    }

    /** Adds the accounts and issues the key. */
    private String settle(List<SimulatedClaude> upstreams) {
        int number = 0;
        for (SimulatedClaude upstream : upstreams) {
            accounts.add(relay.administration()
                    .createAccount(NewAccount.apiKey(
                            "account-" + ++number,
                            upstream.uri().toString(),
                            Secret.of(Canary.UPSTREAM_KEY.text(number)))));
        }
        return Canaries.remember(relay.administration()
                .createKey(NewKey.named("fixture"))
                .secret()
                .reveal());
    }

    /** A relay over those upstreams. */
    public static RelayFixture over(SimulatedClaude... upstreams) {
        return new RelayFixture(Map.of(), List.of(upstreams));
    }

    /** A relay over those upstreams with other settings. */
    public static RelayFixture over(Map<ConfigKey, String> settings, SimulatedClaude... upstreams) {
        return new RelayFixture(settings, List.of(upstreams));
    }

    /** A relay over those upstreams whose connections take their buffers from {@code pool}. */
    public static RelayFixture over(
            Map<ConfigKey, String> settings, ByteBufferPool pool, SimulatedClaude... upstreams) {
        return new RelayFixture(settings, List.of(upstreams), pool);
    }

    /** A relay over those upstreams that keeps everything in {@code store}, which it closes. */
    public static RelayFixture over(Map<ConfigKey, String> settings, RelayStore store, SimulatedClaude... upstreams) {
        return new RelayFixture(settings, store, List.of(upstreams));
    }

    /** A complete configuration for a free port on loopback, with other settings. */
    public static RelayConfig config(Map<ConfigKey, String> settings) {
        Map<ConfigKey, String> all = new LinkedHashMap<>();
        all.put(ConfigKey.ENCRYPTION_KEY, ENCRYPTION_KEY);
        all.put(ConfigKey.JWT_SECRET, JWT_SECRET);
        all.put(ConfigKey.ADMIN_PASSWORD, ADMIN_PASSWORD);
        all.put(ConfigKey.ADMIN_ENABLED, "true");
        all.put(ConfigKey.ALLOW_PRIVATE_UPSTREAMS, "true");
        all.put(ConfigKey.HOST, "127.0.0.1");
        all.put(ConfigKey.PORT, "0");
        all.put(ConfigKey.SHUTDOWN_TIMEOUT, "2000");
        all.putAll(settings);
        RelayConfigBuilder builder = RelayConfig.builder();
        all.forEach(builder::set);
        return builder.build();
    }

    public Relay relay() {
        return relay;
    }

    public RelayConfig config() {
        return config;
    }

    /** The relay key. */
    public String key() {
        return key;
    }

    /** The accounts, in the order of their upstreams. */
    public List<Account> accounts() {
        return accounts;
    }

    public RecordingListener listener() {
        return listener;
    }

    /** Waits until nothing is held any more: no exchange, no permit, no drain, no body. */
    public void awaitIdle() {
        Wait.until("no exchange in flight", () -> relay.exchangesInFlight() == 0);
        Wait.until("no body held", () -> relay.bodyBytesInUse() == 0);
        assertThat(relay.permitsHeld()).as("permits held").isZero();
        assertThat(relay.drainsRunning()).as("drains running").isZero();
    }

    /** Closes the relay and checks that it held nothing. */
    @Override
    public void close() {
        try {
            awaitIdle();
        } finally {
            relay.close();
        }
    }
}
