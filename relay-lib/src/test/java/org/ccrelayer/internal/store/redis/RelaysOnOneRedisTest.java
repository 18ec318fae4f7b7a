package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.ccrelayer.Relay;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.OAuthCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.http.InMemoryRequest;
import org.ccrelayer.http.InMemoryResponse;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.Canaries;
import org.ccrelayer.testkit.Canary;
import org.ccrelayer.testkit.CanaryWatch;
import org.ccrelayer.testkit.MovedClock;
import org.ccrelayer.testkit.RedisPeer;
import org.ccrelayer.testkit.RelayFixture;
import org.ccrelayer.testkit.TokenPeer;
import org.ccrelayer.testkit.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Three relays on one Redis: one token for all, and each knows what the others and the predecessor know. */
@Timeout(120)
@ExtendWith(CanaryWatch.class)
class RelaysOnOneRedisTest {
    private static final int MOST_BYTES = 1 << 20;
    private static final String SESSION = "3f1a2b4c-9999-4aaa-8bbb-000000000009";
    private static final String MAPPING = "unified_claude_session_mapping:" + SESSION;

    private final MovedClock clock = new MovedClock(Instant.now());
    private final List<Relay> relays = new ArrayList<>();
    private RedisPeer peer;
    private TokenPeer tokens;
    private SimulatedClaude upstream;
    private String key;

    @BeforeEach
    void start() throws IOException {
        peer = RedisPeer.start();
        tokens = TokenPeer.start();
        upstream = SimulatedClaude.start();
        for (int number = 0; number < 3; number++) {
            relays.add(Relay.builder(RelayFixture.config(Map.of()))
                    .store(RedisRelay.of(peer, RedisRelay.PATIENT, clock))
                    .clock(clock)
                    .start());
        }
        key = issued();
    }

    @AfterEach
    void stop() throws IOException {
        tokens.close();
        relays.forEach(Relay::close);
        upstream.close();
        peer.close();
    }

    private String issued() {
        return Canaries.remember(relays.get(0)
                .administration()
                .createKey(NewKey.named("shared"))
                .secret()
                .reveal());
    }

    private Account account(int number) {
        return relays.get(0)
                .administration()
                .createAccount(NewAccount.apiKey(
                        "account-" + number, upstream.uri().toString(), Secret.of(Canary.UPSTREAM_KEY.text(number))));
    }

    private CompletableFuture<Integer> send(int relay, String relayKey) {
        InMemoryRequest request = InMemoryRequest.post("/v1/messages")
                .header("x-api-key", relayKey)
                .header("anthropic-version", "2023-06-01")
                .json("{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":10,\"metadata\":{\"user_id\":\"user_"
                        + "a".repeat(64)
                        + "_account__session_" + SESSION
                        + "\"},\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}")
                .build();
        InMemoryResponse response = InMemoryResponse.to(request);
        CompletableFuture<byte[]> whole = response.whole(MOST_BYTES);
        relays.get(relay).handle(request, response);
        return response.head().thenCombine(whole, (head, body) -> {
            assertThat(head.status())
                    .as(new String(body, StandardCharsets.UTF_8))
                    .isEqualTo(200);
            return head.status();
        });
    }

    /** The number of the account that answers. */
    private int ask(int relay, String relayKey) throws Exception {
        int before = upstream.requestCount();
        send(relay, relayKey).get(30, TimeUnit.SECONDS);
        assertThat(upstream.requestCount()).isGreaterThan(before);
        String used = upstream.received().get(upstream.requestCount() - 1).header("x-api-key");
        return Canary.UPSTREAM_KEY.text(1).equals(used) ? 1 : 2;
    }

    @Test
    void five_hundred_requests_at_expiry_make_one_token_call() throws Exception {
        OAuthCredential oauth =
                new OAuthCredential(tokens.uri(), "client", Secret.of("pw-canary"), Secret.of(TokenPeer.FIRST), null);
        Account account = relays.get(0)
                .administration()
                .createAccount(new NewAccount("oauth", oauth, upstream.uri().toString(), null, true, Set.of()));
        send(0, key).get(30, TimeUnit.SECONDS);
        clock.move(Duration.ofHours(1));
        tokens.enqueue(TokenPeer.stalls(TokenPeer.grants()));
        List<CompletableFuture<Integer>> sent = new ArrayList<>();
        for (int number = 0; number < 500; number++) {
            sent.add(send(number % 3, key));
        }
        Wait.until(
                "all requests to wait",
                () -> relays.stream().mapToInt(Relay::exchangesInFlight).sum() == 500);
        tokens.await(2);
        String lock = "token_refresh_lock:claude:" + account.id();
        assertThat(peer.ask("GET", lock))
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        assertThat(Long.parseLong(peer.ask("PTTL", lock))).isBetween(1L, 60_000L);
        tokens.release();
        for (CompletableFuture<Integer> answer : sent) {
            answer.get(60, TimeUnit.SECONDS);
        }
        assertThat(tokens.calls()).hasSize(2);
        assertThat(upstream.received().subList(1, 501))
                .allMatch(request -> request.header("authorization").equals("Bearer access-canary-2"));
        Wait.until("the lock is given back", () -> peer.ask("EXISTS", lock).equals("0"));
    }

    @Test
    void no_token_is_called_for_while_the_predecessor_holds_the_lock() throws Exception {
        OAuthCredential oauth =
                new OAuthCredential(tokens.uri(), "client", Secret.of("pw-canary"), Secret.of(TokenPeer.FIRST), null);
        Account account = relays.get(0)
                .administration()
                .createAccount(new NewAccount("oauth", oauth, upstream.uri().toString(), null, true, Set.of()));
        String lock = "token_refresh_lock:claude:" + account.id();
        peer.ask("SET", lock, "190e4ad3-5347-482c-81b9-a940103a6828", "NX", "EX", "60");
        CompletableFuture<Integer> answer = send(0, key);
        peer.countAnew();
        Wait.until("it asks again for the lock", () -> peer.calls().getOrDefault("evalsha", 0L) > 3);
        assertThat(tokens.calls()).isEmpty();
        assertThat(peer.ask("GET", lock)).isEqualTo("190e4ad3-5347-482c-81b9-a940103a6828");
        peer.ask("DEL", lock);
        answer.get(30, TimeUnit.SECONDS);
        assertThat(tokens.calls()).hasSize(1);
    }

    @Test
    void a_session_of_the_predecessor_goes_on_with_its_account_and_each_relay_key_for_itself() throws Exception {
        account(1);
        Account second = account(2);
        peer.ask(
                "SET",
                MAPPING,
                "{\"accountId\":\"" + second.id() + "\",\"accountType\":\"claude-console\"}",
                "EX",
                "3600");
        for (int relay = 0; relay < 3; relay++) {
            assertThat(ask(relay, key)).isEqualTo(2);
        }
        String another = issued();
        relays.get(0).administration().toggleAccount(second.id());
        assertThat(ask(1, another)).as("the hint is of no use").isEqualTo(1);
        relays.get(0).administration().toggleAccount(second.id());
        Wait.until("the predecessor is told", () -> !peer.ask("GET", MAPPING).contains(second.id()));
        assertThat(ask(2, key)).isEqualTo(2);
        assertThat(ask(2, another)).isEqualTo(1);
        assertThat(ask(0, key)).isEqualTo(2);
    }

    @Test
    void what_one_relay_learns_of_an_account_the_others_and_the_predecessor_know_soon() throws Exception {
        Account first = account(1);
        Account second = account(2);
        upstream.forKey(Canary.UPSTREAM_KEY.text(1), Script.error(401));
        upstream.forKey(Canary.UPSTREAM_KEY.text(2), Script.error(401));
        for (int number = 0; number < 2; number++) {
            String unnamed = issued();
            send(0, unnamed).handle((status, refused) -> true).get(30, TimeUnit.SECONDS);
        }
        String mark = "temp_unavailable:claude-console:";
        Wait.until(
                "the predecessor is told",
                () -> peer.ask("EXISTS", mark + first.id(), mark + second.id()).equals("2"));
        for (int relay = 1; relay < 3; relay++) {
            Relay other = relays.get(relay);
            Wait.until(
                    "another relay hears of it",
                    () -> other.administration()
                            .accountStatus(second.id())
                            .reason()
                            .equals("credential refused (401)"));
        }
        assertThat(upstream.requestCount()).isEqualTo(2);
        relays.get(2).administration().toggleAccount(first.id());
        relays.get(2).administration().toggleAccount(first.id());
        assertThat(peer.ask("EXISTS", mark + first.id())).isEqualTo("0");
        Wait.until(
                "an operator's change reaches a relay",
                () -> relays.get(1)
                        .administration()
                        .accountStatus(first.id())
                        .state()
                        .equals("in"));
    }
}
