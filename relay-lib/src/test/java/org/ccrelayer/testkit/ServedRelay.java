package org.ccrelayer.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.Relay;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.simulated.SimulatedClaude;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** A relay behind an adapter, before a simulated upstream: what the parts of {@link AdapterContract} stand on. */
@ExtendWith(CanaryWatch.class)
public abstract class ServedRelay {
    static final byte[] STREAMING = body(true, Canary.PROMPT.text());
    static final byte[] PLAIN = body(false, Canary.PROMPT.text());

    /** The longest body that a relay takes by default. */
    static final int LONGEST_BODY = 32 * 1024 * 1024;

    private SimulatedClaude upstream;
    private RelayFixture fixture;
    private Served served;

    /** Where a relay is reached, and what ends that. */
    public record Served(int port, AutoCloseable close) {}

    /** Serves {@code relay} on a free port of loopback, below the root path. */
    protected abstract Served serve(Relay relay) throws Exception;

    /** A relay over those upstreams; in memory unless a test wants another one. */
    protected RelayFixture fixture(Map<ConfigKey, String> settings, SimulatedClaude... upstreams) {
        return RelayFixture.over(settings, upstreams);
    }

    @BeforeEach
    void start() throws Exception {
        upstream = SimulatedClaude.start();
        fixture = fixture(
                Map.of(
                        ConfigKey.MAX_RETRY_ACCOUNTS,
                        "0",
                        ConfigKey.BODY_TIMEOUT,
                        "1500",
                        ConfigKey.PATH_ALIASES,
                        "/api,/claude"),
                upstream);
        served = serve(fixture.relay());
    }

    @AfterEach
    void stop() throws Exception {
        try {
            fixture.close();
        } finally {
            served.close().close();
            upstream.close();
        }
    }

    static byte[] body(boolean stream, String prompt) {
        return ("{ \"model\" : \"claude-sonnet-5-5\",\t\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\""
                        + prompt + "\"}],\n\"stream\":" + stream + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    final SimulatedClaude upstream() {
        return upstream;
    }

    final RelayFixture fixture() {
        return fixture;
    }

    final RawClient client() throws IOException {
        return new RawClient(served.port());
    }

    /** Has all answers come from {@code raw} from now on. */
    final void answerFrom(RawUpstream raw) {
        var administration = fixture.relay().administration();
        fixture.accounts().forEach(account -> administration.deleteAccount(account.id()));
        administration.createAccount(
                NewAccount.apiKey("raw", raw.uri().toString(), Secret.of(Canary.UPSTREAM_KEY.text())));
    }

    static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }
}
