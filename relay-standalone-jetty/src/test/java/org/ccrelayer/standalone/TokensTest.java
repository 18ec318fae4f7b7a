package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AuthHeader;
import org.ccrelayer.account.BearerCredential;
import org.ccrelayer.account.FederationCredential;
import org.ccrelayer.account.FederationCredential.Assertion;
import org.ccrelayer.account.FederationCredential.Assertion.Place;
import org.ccrelayer.account.OAuthCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.StoredToken;
import org.ccrelayer.admin.AccountChange;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.MovedClock;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RawUpstream;
import org.ccrelayer.testkit.TokenPeer;
import org.ccrelayer.testkit.Wait;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageRecord.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests travel with tokens that the relay obtains, in time and once for all. */
@Timeout(120)
class TokensTest {
    private static final Duration LIFETIME = Duration.ofHours(1);

    private final MovedClock clock = new MovedClock(Instant.parse("2026-11-23T12:00:00Z"));
    private SimulatedClaude upstream;
    private TokenPeer peer;
    private StandaloneRelay relay;

    @BeforeEach
    void start() throws Exception {
        upstream = SimulatedClaude.start();
        peer = TokenPeer.start();
        relay = StandaloneRelay.start(Map.of(ConfigKey.STICKY_SESSION_TTL, "0"), clock);
    }

    @AfterEach
    void stop() {
        peer.close();
        relay.close();
        upstream.close();
    }

    private OAuthCredential oauth() {
        return new OAuthCredential(peer.uri(), "client", Secret.of("pw-canary"), Secret.of(TokenPeer.FIRST), null);
    }

    private void answered() throws Exception {
        RawClient.Answer answer = relay.post(StandaloneRelay.message());
        assertThat(answer.head().status()).as(answer.text()).isEqualTo(200);
    }

    /** What the latest request carried. */
    private String carried() {
        return upstream.received().get(upstream.requestCount() - 1).header("authorization");
    }

    private List<CompletableFuture<Integer>> send(int requests) {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + relay.server().port() + "/v1/messages"))
                .header("x-api-key", relay.key())
                .header("anthropic-version", "2023-06-01")
                .POST(HttpRequest.BodyPublishers.ofByteArray(StandaloneRelay.message()))
                .build();
        List<CompletableFuture<Integer>> sent = new ArrayList<>();
        for (int number = 0; number < requests; number++) {
            sent.add(client.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                    .thenApply(HttpResponse::statusCode));
        }
        return sent;
    }

    private static void allAnswered(List<CompletableFuture<Integer>> sent) throws Exception {
        for (CompletableFuture<Integer> status : sent) {
            assertThat(status.get(60, TimeUnit.SECONDS)).isEqualTo(200);
        }
    }

    @Test
    void aTokenIsObtainedOnceAndCarriedAsBearer() throws Exception {
        relay.account(upstream.uri(), oauth());
        answered();
        answered();
        assertThat(carried()).isEqualTo("Bearer access-canary-1");
        assertThat(upstream.received().get(0).header("x-api-key")).isNull();
        assertThat(upstream.received().get(0).header("anthropic-beta")).isNull();
        assertThat(peer.calls()).hasSize(1);
        assertThat(peer.calls().get(0).path()).isEqualTo("/o/token/");
        assertThat(peer.calls().get(0).form())
                .isEqualTo(Map.of("grant_type", "refresh_token", "refresh_token", TokenPeer.FIRST));
    }

    @Test
    void fiveHundredRequestsAtExpiryMakeOneTokenCall() throws Exception {
        relay.account(upstream.uri(), oauth());
        answered();
        clock.move(LIFETIME);
        peer.enqueue(TokenPeer.stalls(TokenPeer.grants()));
        List<CompletableFuture<Integer>> sent = send(500);
        Wait.until("all requests to wait", () -> relay.relay().exchangesInFlight() == 500);
        // The relay has not a thread to spare for each of them, and yet answers others.
        assertThat(relay.relay().administration().accounts()).hasSize(1);
        peer.release();
        allAnswered(sent);
        assertThat(peer.calls()).hasSize(2);
        assertThat(upstream.received().subList(1, 501))
                .allMatch(request -> request.header("authorization").equals("Bearer access-canary-2"));
        relay.listener().await(501);
    }

    @Test
    void withLittleTimeLeftATokenIsUsedWhileAnotherOneIsObtained() throws Exception {
        relay.account(upstream.uri(), oauth());
        answered();
        clock.move(LIFETIME.minusSeconds(121));
        answered();
        assertThat(peer.calls()).hasSize(1);
        peer.enqueue(TokenPeer.stalls(TokenPeer.grants()));
        clock.move(Duration.ofSeconds(1));
        answered();
        clock.move(Duration.ofSeconds(90));
        answered();
        assertThat(carried()).isEqualTo("Bearer access-canary-1");
        peer.await(2);
        peer.release();
        Wait.until("the new token", () -> carriesNext());
        assertThat(peer.calls()).hasSize(2);
    }

    private boolean carriesNext() {
        try {
            answered();
            return carried().equals("Bearer access-canary-2");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void eachRefreshTokenIsUsedOnceAndKeptWhereNoOtherComesBack() throws Exception {
        relay.account(upstream.uri(), oauth());
        peer.enqueue(TokenPeer.grants(), TokenPeer.grants(), TokenPeer.grantsWithoutRotation());
        for (int round = 1; round <= 5; round++) {
            answered();
            assertThat(carried()).isEqualTo("Bearer access-canary-" + round);
            clock.move(LIFETIME);
        }
        assertThat(peer.calls())
                .extracting(call -> call.form().get("refresh_token"))
                .containsExactly(
                        TokenPeer.FIRST,
                        "refresh-canary-1",
                        "refresh-canary-2",
                        "refresh-canary-2",
                        "refresh-canary-4");
    }

    @Test
    void aClientWithoutARefreshTokenAsksAsItself() throws Exception {
        relay.account(
                upstream.uri(), new OAuthCredential(peer.uri(), "client", Secret.of("pw-canary"), null, "inference"));
        answered();
        assertThat(peer.calls().get(0).form())
                .isEqualTo(Map.of("grant_type", "client_credentials", "scope", "inference"));
        assertThat(peer.calls().get(0).headers().get("authorization")).startsWith("Basic ");
        assertThat(carried()).isEqualTo("Bearer access-canary-1");
    }

    @Test
    void anAssertionIsExchangedAnewEachTime(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("token");
        Files.writeString(file, "header.first.signature\n");
        Account account = relay.account(
                upstream.uri(),
                new FederationCredential(
                        peer.uri(),
                        "fdrl_1",
                        "c0ffee00-1111-4222-8333-444444444444",
                        "svac_1",
                        null,
                        new Assertion(Place.FILE, file.toString())));
        answered();
        assertThat(peer.calls().get(0).body()).contains("\"assertion\":\"header.first.signature\"");
        assertThat(peer.calls().get(0).headers())
                .containsEntry("anthropic-beta", "oauth-2025-04-20,oidc-federation-2026-04-01");
        assertThat(carried()).isEqualTo("Bearer access-canary-1");
        assertThat(upstream.received().get(0).header("anthropic-beta")).isNull();
        Files.writeString(file, "header.second.signature");
        clock.move(LIFETIME);
        answered();
        assertThat(peer.calls().get(1).body()).contains("\"assertion\":\"header.second.signature\"");
        Files.delete(file);
        clock.move(LIFETIME);
        assertThat(relay.post(StandaloneRelay.message()).head().status()).isEqualTo(503);
        assertThat(relay.relay().administration().tokenStatus(account.id()).problem())
                .isEqualTo("refresh failed: the assertion file is not there, or is no regular file");
        assertThat(peer.calls()).hasSize(2);
    }

    @Test
    void aStaticTokenIsCarriedAsItIs() throws Exception {
        relay.account(upstream.uri(), new BearerCredential(Secret.of("static-canary"), AuthHeader.BEARER));
        answered();
        assertThat(carried()).isEqualTo("Bearer static-canary");
        upstream.enqueue(Script.error(401));
        assertThat(relay.post(StandaloneRelay.message()).head().status()).isEqualTo(401);
        assertThat(upstream.requestCount()).isEqualTo(2);
        assertThat(peer.calls()).isEmpty();
    }

    @Test
    void aTokenThatTheUpstreamRefusesIsReplacedAndTheRequestSentAgain() throws Exception {
        Account account = relay.account(upstream.uri(), oauth());
        answered();
        upstream.enqueue(Script.error(401));
        answered();
        assertThat(carried()).isEqualTo("Bearer access-canary-2");
        assertThat(peer.calls()).hasSize(2);
        assertThat(upstream.requestCount()).isEqualTo(3);
        RequestSummary summary = relay.listener().await(2);
        assertThat(relay.rows(summary))
                .extracting(row -> row.state())
                .containsExactlyInAnyOrder(State.VOID, State.FINAL);
        assertThat(summary.attempts()).hasSize(2);
        assertThat(relay.relay().administration().accountStatus(account.id()).state())
                .isEqualTo("in");
        assertThat(relay.relay().administration().accountStatus(account.id()).running())
                .isZero();
    }

    @Test
    void aSecondRefusalCountsLikeAnyOther() throws Exception {
        Account account = relay.account(upstream.uri(), oauth());
        clock.move(Duration.ofSeconds(1));
        SimulatedClaude other = SimulatedClaude.start();
        try {
            relay.account(other.uri());
            upstream.always(Script.error(401));
            answered();
            assertThat(upstream.requestCount()).isEqualTo(2);
            assertThat(other.requestCount()).isEqualTo(1);
            assertThat(peer.calls()).hasSize(2);
            assertThat(relay.relay()
                            .administration()
                            .accountStatus(account.id())
                            .reason())
                    .contains("credential refused");
            assertThat(relay.relay()
                            .administration()
                            .accountStatus(account.id())
                            .running())
                    .isZero();
            answered();
            assertThat(upstream.requestCount()).isEqualTo(2);
        } finally {
            other.close();
        }
    }

    @Test
    void manyRefusalsOfOneTokenMakeOneTokenCall() throws Exception {
        byte[] message = RawUpstream.bytes("{\"type\":\"message\",\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}");
        try (RawUpstream picky = RawUpstream.answering((head, out) -> {
            boolean old = head.contains("Bearer access-canary-1\r\n");
            byte[] body = old
                    ? RawUpstream.bytes("{\"type\":\"error\",\"error\":{\"type\":\"authentication_error\"}}")
                    : message;
            out.write(RawUpstream.bytes("HTTP/1.1 " + (old ? 401 : 200)
                    + " X\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: " + body.length
                    + "\r\n\r\n"));
            out.write(body);
        })) {
            relay.account(picky.uri(), oauth());
            allAnswered(send(60));
            assertThat(peer.calls()).hasSize(2);
        }
        relay.listener().await(60);
    }

    @Test
    void aRequestWaitsNoLongerThanItMay() throws Exception {
        relay.close();
        relay = StandaloneRelay.start(Map.of(ConfigKey.REQUEST_TIMEOUT, "1000"));
        relay.account(upstream.uri(), oauth());
        peer.enqueue(TokenPeer.stalls(TokenPeer.grants()));
        assertThat(relay.post(StandaloneRelay.stream()).head().status()).isEqualTo(504);
        RequestSummary summary = relay.listener().await(1);
        assertThat(summary.outcome()).isEqualTo(Outcome.UPSTREAM_TIMEOUT);
        assertThat(summary.attempts()).isEmpty();
        assertThat(upstream.requestCount()).isZero();
        peer.release();
        Wait.until(
                "the token",
                () -> relay.store()
                        .tokens()
                        .find(accountId())
                        .map(StoredToken::access)
                        .isPresent());
    }

    private String accountId() {
        return relay.relay().administration().accounts().get(0).id();
    }

    @Test
    void anEarlyEndOfTheRelayEndsTheWait() throws Exception {
        relay.account(upstream.uri(), oauth());
        peer.enqueue(TokenPeer.stalls(TokenPeer.grants()));
        try (RawClient client = relay.client()) {
            client.post("/v1/messages", relay.key(), StandaloneRelay.message());
            peer.await(1);
            CompletableFuture<Void> closing = CompletableFuture.runAsync(relay.relay()::close);
            assertThat(client.readAnswer().head().status()).isEqualTo(503);
            peer.release();
            closing.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void anOperatorRefreshesATokenAtWill() throws Exception {
        Account account = relay.account(upstream.uri(), oauth());
        answered();
        assertThat(relay.relay()
                        .administration()
                        .refreshToken(account.id())
                        .orElseThrow()
                        .expiresAt())
                .isEqualTo(clock.instant().plus(LIFETIME));
        answered();
        assertThat(carried()).isEqualTo("Bearer access-canary-2");
        assertThat(peer.calls()).hasSize(2);
    }

    @Test
    void anAccountThatGetsAnotherRefreshTokenUsesIt() throws Exception {
        Account account = relay.account(upstream.uri(), oauth());
        answered();
        relay.relay()
                .administration()
                .changeAccount(
                        account.id(),
                        AccountChange.ofCredential(old -> new OAuthCredential(
                                peer.uri(), "client", Secret.of("pw-canary"), Secret.of("refresh-canary-1"), null)));
        answered();
        assertThat(peer.calls().get(1).form()).containsEntry("refresh_token", "refresh-canary-1");
        assertThat(carried()).isEqualTo("Bearer access-canary-2");
    }

    @Test
    void aRefusedTokenIsReplacedAlsoWhereABusyAccountIsAskedAgain() throws Exception {
        Account account = relay.account(upstream.uri(), oauth());
        upstream.enqueue(Script.error(529));
        upstream.enqueue(Script.error(401));
        upstream.enqueue(Script.error(529));
        answered();
        assertThat(carried()).isEqualTo("Bearer access-canary-2");
        assertThat(peer.calls()).hasSize(2);
        assertThat(upstream.requestCount()).isEqualTo(4);
        List<UsageRecord> rows = relay.rows(relay.listener().await(1));
        assertThat(rows)
                .extracting(UsageRecord::state)
                .containsExactlyInAnyOrder(State.VOID, State.VOID, State.VOID, State.FINAL);
        assertThat(rows).extracting(UsageRecord::id).doesNotHaveDuplicates();
        assertThat(relay.relay().administration().accountStatus(account.id()).running())
                .isZero();
    }
}
