package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.account.Account;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RelayFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A session stays with the account that has its cache, and leaves only an account that cannot serve. */
class SessionAffinityTest {
    private static final int ACCOUNTS = 3;

    private final List<SimulatedClaude> upstreams = new ArrayList<>();
    private final List<Account> accounts = new ArrayList<>();
    private StandaloneRelay relay;
    private int answered;

    private void start(Map<ConfigKey, String> settings) throws IOException {
        relay = StandaloneRelay.start(settings);
        for (int number = 0; number < ACCOUNTS; number++) {
            SimulatedClaude upstream = SimulatedClaude.start();
            upstreams.add(upstream);
            accounts.add(relay.account(upstream.uri()));
        }
    }

    @AfterEach
    void stop() {
        relay.close();
        upstreams.forEach(SimulatedClaude::close);
    }

    @Test
    void aSessionStaysAndOthersTakeTurns() throws Exception {
        start(Map.of());
        String first = ask("session-a");
        for (int turn = 0; turn < 6; turn++) {
            ask("session-" + turn);
            assertThat(ask("session-a")).isEqualTo(first);
        }
    }

    @Test
    void withoutASessionNameTheContentDecides() throws Exception {
        start(Map.of());
        String hello = askFor("hello");
        String other = askFor("something else");
        assertThat(other).isNotEqualTo(hello);
        for (int turn = 0; turn < 4; turn++) {
            assertThat(askFor("hello")).isEqualTo(hello);
            assertThat(askFor("something else")).isEqualTo(other);
        }
    }

    @Test
    void aSessionLeavesAnAccountThatCannotServeAndStaysWithTheNext() throws Exception {
        start(Map.of());
        String first = ask("session-a");
        upstreams.get(index(first)).enqueue(Script.error(500));
        String second = ask("session-a");
        assertThat(second).isNotEqualTo(first);
        for (int turn = 0; turn < 4; turn++) {
            assertThat(ask("session-a")).isEqualTo(second);
        }
    }

    @Test
    void theStatusCountsSessionsThatMovedByTheirCause() throws Exception {
        start(Map.of());
        String first = ask("session-a");
        upstreams.get(index(first)).enqueue(Script.error(500));
        String second = ask("session-a");
        relay.relay().administration().toggleAccount(second);
        ask("session-a");
        ask("session-b");
        assertThat(status())
                .endsWith(
                        "\"sessionMoves\":{\"disabled\":1,\"ended\":0,\"pinned_elsewhere\":0,\"model\":0,\"tried\":1,"
                                + "\"credential_unreadable\":0,\"credential_broken\":0,\"cooling\":0,\"family_limited\":0,\"quota\":0},\"degraded\":[]}");
    }

    private String status() throws IOException {
        String login = "{\"username\":\"admin\",\"password\":\"" + RelayFixture.ADMIN_PASSWORD + "\"}";
        String token = relay.post("/admin/login", login.getBytes(StandardCharsets.UTF_8))
                .text()
                .replaceAll(".*\"token\":\"([^\"]+)\".*", "$1");
        try (RawClient client = relay.client()) {
            return client.head("GET /admin/status", "authorization: Bearer " + token)
                    .readAnswer()
                    .text();
        }
    }

    @Test
    void aTimeToLiveOfZeroKeepsNothing() throws Exception {
        start(Map.of(ConfigKey.STICKY_SESSION_TTL, "0"));
        assertThat(List.of(ask("a"), ask("a"), ask("a"))).doesNotHaveDuplicates();
    }

    @Test
    void aBoundSessionGoesToItsAccountOrNowhere() throws Exception {
        start(Map.of(ConfigKey.SESSION_BINDING, "true", ConfigKey.SESSION_BINDING_MESSAGE, "Begin anew, please."));
        String first = ask("session-a");
        relay.relay().administration().toggleAccount(first);
        RawClient.Answer refused = relay.post(StandaloneRelay.message(), "x-claude-code-session-id: session-a");
        assertThat(refused.head().status()).isEqualTo(403);
        assertThat(refused.text()).contains("permission_error", "Begin anew, please.");
        answered++;
        relay.listener().await(answered);
        assertThat(ask("session-b")).isNotEqualTo(first);
        relay.relay().administration().toggleAccount(first);
        assertThat(ask("session-a")).isEqualTo(first);
    }

    @Test
    void aSessionIsBoundToTheAccountThatServedIt() throws Exception {
        start(Map.of(ConfigKey.SESSION_BINDING, "true"));
        upstreams.get(0).enqueue(Script.error(500));
        upstreams.get(1).enqueue(Script.error(500));
        String served = ask("session-a");
        assertThat(served).isEqualTo(accounts.get(2).id());
        assertThat(ask("session-a")).isEqualTo(served);
    }

    private int index(String accountId) {
        return accounts.stream().map(Account::id).toList().indexOf(accountId);
    }

    /** Asks within a session; tells the account that answered. */
    private String ask(String session) throws IOException {
        RawClient.Answer answer = relay.post(StandaloneRelay.message(), "x-claude-code-session-id: " + session);
        return account(answer);
    }

    private String askFor(String content) throws IOException {
        byte[] body =
                ("{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":10,\"messages\":[{\"role\":\"user\",\"content\":\""
                                + content + "\"}]}")
                        .getBytes(StandardCharsets.UTF_8);
        return account(relay.post(body));
    }

    private String account(RawClient.Answer answer) {
        assertThat(answer.head().status()).as(answer.text()).isEqualTo(200);
        RequestSummary summary = relay.listener().await(++answered);
        return summary.attempts().get(summary.attempts().size() - 1).row().accountId();
    }
}
