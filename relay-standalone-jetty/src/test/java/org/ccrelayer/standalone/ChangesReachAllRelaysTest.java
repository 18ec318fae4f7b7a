package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.ccrelayer.Relay;
import org.ccrelayer.RelayConfig;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.AccountChange;
import org.ccrelayer.admin.IssuedKey;
import org.ccrelayer.admin.KeyChange;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.admin.RelayAdministration;
import org.ccrelayer.internal.store.redis.PatientRedis;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.Canaries;
import org.ccrelayer.testkit.Canary;
import org.ccrelayer.testkit.OnRedis;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RelayFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Three relays on one Redis: what is changed on one of them, or in Redis by the predecessor, holds within a second for every request to
 * the others, which use the same key and account all the time.
 */
class ChangesReachAllRelaysTest extends OnRedis {
    private static final Duration LATEST = Duration.ofSeconds(1);
    private static final int AFTERWARDS = 10;

    private final List<RelayServer> servers = new ArrayList<>();
    private final List<SimulatedClaude> upstreams = new ArrayList<>();
    private final List<Account> accounts = new ArrayList<>();
    private RelayAdministration administration;
    private IssuedKey key;

    /** Whether relays hear of each other's changes. */
    enum Hearing {
        WELL,
        CUT
    }

    private interface Change {
        void make();
    }

    @BeforeEach
    void start() throws Exception {
        peer.clear();
        peer.ask("ACL", "SETUSER", "default", "allchannels");
        for (int number = 0; number < 3; number++) {
            upstreams.add(SimulatedClaude.start().always(Script.text("upstream " + number)));
        }
        RelayConfig config = RelayFixture.config(Map.of());
        for (int number = 0; number < 3; number++) {
            Relay relay =
                    Relay.builder(config).store(PatientRedis.at(peer.address())).start();
            servers.add(RelayServer.start(config, relay));
            administration = relay.administration();
        }
        account(upstreams.get(0).uri(), 1);
        account(upstreams.get(1).uri(), 50);
        key = administration.createKey(NewKey.named("test"));
        Canaries.remember(key.secret().reveal());
        for (int relay = 0; relay < 2; relay++) {
            assertThat(ask(relay)).isEqualTo("upstream 0");
            assertThat(ask(relay)).isEqualTo("upstream 0");
        }
    }

    @AfterEach
    void stop() {
        servers.forEach(RelayServer::close);
        upstreams.forEach(SimulatedClaude::close);
    }

    private void account(URI baseUrl, int priority) {
        NewAccount account = new NewAccount(
                "account-" + priority,
                new ApiKeyCredential(Secret.of(Canary.UPSTREAM_KEY.text())),
                baseUrl.toString(),
                priority,
                true,
                Set.of());
        accounts.add(administration.createAccount(account));
    }

    /** What a relay answers: the upstream, or the status of a refusal. */
    private String ask(int relay) throws IOException {
        byte[] body =
                ("{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\""
                                + System.nanoTime() + "\"}]}")
                        .getBytes(StandardCharsets.UTF_8);
        try (RawClient client = new RawClient(servers.get(relay).port())) {
            RawClient.Answer answer =
                    client.post("/v1/messages", key.secret().reveal(), body).readAnswer();
            if (answer.head().status() != 200) {
                return Integer.toString(answer.head().status());
            }
            int at = answer.text().indexOf("upstream ");
            return answer.text().substring(at, at + "upstream 0".length());
        }
    }

    /** After the change, made on the third relay, whatever is asked a second later is answered as {@code expected}. */
    private void assertSeen(Hearing hearing, String expected, Change change) throws IOException {
        if (hearing == Hearing.CUT) {
            // Whoever hears is cut off, and may not hear again.
            peer.ask("ACL", "SETUSER", "default", "resetchannels");
            peer.ask("CLIENT", "KILL", "TYPE", "pubsub");
        }
        change.make();
        long changed = System.nanoTime();
        int seen = 0;
        while (seen < AFTERWARDS) {
            long asked = System.nanoTime();
            List<String> answers = List.of(ask(0), ask(1));
            boolean late = asked - changed > LATEST.toNanos();
            if (late) {
                assertThat(answers)
                        .as("%d ms after the change", TimeUnit.NANOSECONDS.toMillis(asked - changed))
                        .containsOnly(expected);
                seen++;
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_key_that_is_revoked(Hearing hearing) throws Exception {
        assertSeen(hearing, "401", () -> administration.enableKey(key.key().id(), false));
    }

    @ParameterizedTest
    @EnumSource
    void a_key_that_is_deleted(Hearing hearing) throws Exception {
        assertSeen(hearing, "401", () -> administration.deleteKey(key.key().id()));
    }

    @ParameterizedTest
    @EnumSource
    void a_key_whose_limits_are_changed(Hearing hearing) throws Exception {
        Set<String> denied = Set.of("claude-sonnet-5-5");
        assertSeen(
                hearing,
                "403",
                () -> administration.changeKey(
                        key.key().id(), KeyChange.ofLimits(limits -> limits.withModels(Set.of(), denied))));
    }

    @ParameterizedTest
    @EnumSource
    void a_key_that_is_bound_to_another_account(Hearing hearing) throws Exception {
        String second = accounts.get(1).id();
        assertSeen(
                hearing,
                "upstream 1",
                () -> administration.changeKey(
                        key.key().id(), KeyChange.ofRouting(routing -> routing.toAccount(second))));
    }

    @ParameterizedTest
    @EnumSource
    void an_account_that_is_taken_out(Hearing hearing) throws Exception {
        assertSeen(
                hearing,
                "upstream 1",
                () -> administration.toggleAccount(accounts.get(0).id()));
    }

    @ParameterizedTest
    @EnumSource
    void an_account_that_is_deleted(Hearing hearing) throws Exception {
        assertSeen(
                hearing,
                "upstream 1",
                () -> administration.deleteAccount(accounts.get(0).id()));
    }

    @ParameterizedTest
    @EnumSource
    void an_account_that_is_sent_elsewhere(Hearing hearing) throws Exception {
        String third = upstreams.get(2).uri().toString();
        assertSeen(
                hearing,
                "upstream 2",
                () -> administration.changeAccount(
                        accounts.get(0).id(), new AccountChange(null, third, (Secret) null, null, null, null)));
    }

    @ParameterizedTest
    @EnumSource(names = "WELL")
    void what_the_predecessor_changes(Hearing hearing) throws Exception {
        assertSeen(
                hearing,
                "upstream 1",
                () -> peer.ask(
                        "HSET", "claude_console_account:" + accounts.get(0).id(), "schedulable", "false"));
        assertSeen(hearing, "401", () -> peer.ask("HSET", "apikey:" + key.key().id(), "isActive", "false"));
    }
}
