package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountStatus;
import org.ccrelayer.account.OAuthCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.AccountChange;
import org.ccrelayer.admin.RelayAdministration;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.MovedClock;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.TokenPeer;
import org.ccrelayer.testkit.TokenPeer.Script;
import org.ccrelayer.testkit.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An account whose token endpoint gives nothing is left out, says why, and comes back. */
@Timeout(120)
class TokenFailuresTest {
    private static final String UNKNOWN = "refresh outcome unknown";

    private final MovedClock clock = new MovedClock(Instant.parse("2026-11-23T12:00:00Z"));
    private final List<SimulatedClaude> upstreams = new ArrayList<>();
    private TokenPeer peer;
    private StandaloneRelay relay;
    private Account account;

    @BeforeEach
    void start() throws Exception {
        upstreams.add(SimulatedClaude.start());
        upstreams.add(SimulatedClaude.start());
        peer = TokenPeer.start();
        relay = StandaloneRelay.start(Map.of(ConfigKey.STICKY_SESSION_TTL, "0"), clock);
        account = relay.account(upstreams.get(0).uri(), oauth());
        // Equal accounts are chosen by age.
        clock.move(Duration.ofSeconds(1));
    }

    @AfterEach
    void stop() {
        peer.close();
        relay.close();
        upstreams.forEach(SimulatedClaude::close);
    }

    private OAuthCredential oauth() {
        return new OAuthCredential(peer.uri(), "client", Secret.of("pw-canary"), Secret.of(TokenPeer.FIRST), null);
    }

    private RelayAdministration admin() {
        return relay.relay().administration();
    }

    private AccountStatus health() {
        return admin().accountStatus(account.id());
    }

    private String problem() {
        return admin().tokenStatus(account.id()).problem();
    }

    private RawClient.Answer ask() throws IOException {
        return relay.post(StandaloneRelay.message());
    }

    private void answered() throws IOException {
        assertThat(ask().head().status()).isEqualTo(200);
    }

    private List<Integer> served() {
        return upstreams.stream().map(SimulatedClaude::requestCount).toList();
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of("an OAuth error", TokenPeer.refuses(400, "slow_down"), "refresh failed: slow_down"),
                Arguments.of("500", TokenPeer.says(500, "<html>"), "refresh failed: the endpoint answered 500"),
                Arguments.of("garbage", TokenPeer.says(200, "<html>"), UNKNOWN),
                Arguments.of("2 MiB", TokenPeer.says(200, " ".repeat(2_097_152)), UNKNOWN),
                Arguments.of("no type", TokenPeer.says(200, "{\"access_token\":\"a\"}"), UNKNOWN),
                Arguments.of("a lost answer", TokenPeer.losesTheAnswer(), UNKNOWN));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void anotherAccountServesAndTheReasonIsShown(String name, Script script, String reason) throws Exception {
        relay.account(upstreams.get(1).uri());
        peer.enqueue(script);
        answered();
        answered();
        assertThat(served()).containsExactly(0, 2);
        assertThat(peer.calls()).hasSize(1);
        assertThat(problem()).isEqualTo(reason);
        assertThat(health().reason()).isEqualTo(reason);
        assertThat(health().state()).isEqualTo("cooling");
        assertThat(health().until()).isEqualTo(clock.instant().plusSeconds(5));
        assertThat(health().running()).isZero();
        RequestSummary summary = relay.listener().await(1);
        assertThat(summary.attempts()).hasSize(1);
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        try (TokenPeer elsewhere = TokenPeer.start()) {
            peer.enqueue(TokenPeer.redirects(elsewhere.uri()));
            assertThat(ask().head().status()).isEqualTo(503);
            assertThat(elsewhere.calls()).isEmpty();
        }
        assertThat(problem()).isEqualTo("refresh failed: the endpoint answered with a redirect");
    }

    @Test
    void afterItsPauseTheAccountIsTriedOnceAndComesBack() throws Exception {
        relay.account(upstreams.get(1).uri());
        peer.enqueue(TokenPeer.says(500, ""), TokenPeer.says(500, ""));
        answered();
        clock.move(Duration.ofSeconds(5));
        answered();
        assertThat(peer.calls()).hasSize(2);
        assertThat(health().until()).isEqualTo(clock.instant().plusSeconds(10));
        clock.move(Duration.ofSeconds(10));
        answered();
        answered();
        assertThat(served().get(0)).isEqualTo(1);
        assertThat(peer.calls()).hasSize(3);
        assertThat(health().state()).isEqualTo("in");
        assertThat(problem()).isNull();
    }

    @Test
    void whereThereIsNoOtherAccountTheClientIsToldWhenToComeBack() throws Exception {
        peer.always(TokenPeer.says(500, "canary"));
        for (int request = 0; request < 2; request++) {
            RawClient.Answer answer = ask();
            assertThat(answer.head().status()).isEqualTo(503);
            assertThat(answer.head().header("retry-after")).isEqualTo("5");
            assertThat(answer.text()).doesNotContain("canary").doesNotContain("refresh");
        }
        assertThat(peer.calls()).hasSize(1);
        relay.listener().await(2);
        assertThat(admin().usageOfKey(relay.keyId()).attempts()).isZero();
    }

    @Test
    void aRefusedRefreshTokenKeepsTheAccountOutUntilAnOperatorHelps() throws Exception {
        relay.account(upstreams.get(1).uri());
        peer.enqueue(TokenPeer.refuses(400, "invalid_grant"));
        answered();
        assertThat(health().reason()).isEqualTo("refresh failed: invalid_grant");
        for (int hour = 0; hour < 3; hour++) {
            clock.move(Duration.ofHours(1));
            answered();
        }
        assertThat(peer.calls()).hasSize(1);
        assertThat(served()).containsExactly(0, 4);
        admin().changeAccount(account.id(), AccountChange.ofCredential(old -> oauth()));
        assertThat(problem()).isNull();
        admin().refreshToken(account.id());
        assertThat(health().state()).isEqualTo("in");
        answered();
        answered();
        assertThat(served().get(0)).isEqualTo(1);
    }

    @Test
    void anOperatorIsToldWhatBecameOfARefresh() throws Exception {
        peer.enqueue(TokenPeer.refuses(401, "invalid_client"));
        assertThatThrownBy(() -> admin().refreshToken(account.id()))
                .hasMessage("The token could not be obtained: refresh failed: invalid_client.");
        assertThat(ask().head().status()).isEqualTo(529);
        assertThat(peer.calls()).hasSize(1);
        admin().refreshToken(account.id());
        answered();
        assertThat(health().state()).isEqualTo("in");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1", "\"0\""})
    void aLieAboutTheExpiryDoesNotMakeACallPerRequest(String expiresIn) throws Exception {
        peer.always(TokenPeer.grants(expiresIn));
        for (int request = 0; request < 10; request++) {
            answered();
        }
        assertThat(peer.calls()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"99999999999999999999", "1e30"})
    void aTokenThatIsToLastForEverIsReplacedAfterADay(String expiresIn) throws Exception {
        peer.always(TokenPeer.grants(expiresIn));
        answered();
        clock.move(Duration.ofDays(1));
        answered();
        assertThat(peer.calls()).hasSize(2);
    }

    @Test
    void aCrashedRefreshIsKnownAndTriedOnceMore(@TempDir Path directory) throws Exception {
        try (Crash crash = new Crash(directory, TokenPeer.stalls(TokenPeer.grants()))) {
            assertThat(crash.problem()).isEqualTo(UNKNOWN);
            assertThat(crash.after.post(StandaloneRelay.message()).head().status())
                    .isEqualTo(200);
            assertThat(crash.problem()).isNull();
            assertThat(peer.calls()).hasSize(2);
        }
    }

    @Test
    void aRefreshTokenThatACrashTookIsAskedOfTheOperator(@TempDir Path directory) throws Exception {
        Script rotated = (endpoint, exchange, call) -> {
            TokenPeer.losesTheAnswer().answer(endpoint, exchange, call);
            TokenPeer.stalls((p, e, c) -> {}).answer(endpoint, exchange, call);
        };
        try (Crash crash = new Crash(directory, rotated)) {
            assertThat(crash.problem()).isEqualTo(UNKNOWN);
            assertThat(crash.after.post(StandaloneRelay.message()).head().status())
                    .isEqualTo(529);
            assertThat(crash.problem())
                    .isEqualTo("refresh outcome unknown, then invalid_grant: give the account a new refreshToken");
        }
    }

    /** A relay that died between its intent and the answer, and the one that was started after it. */
    private final class Crash implements AutoCloseable {
        private final StandaloneRelay dying;
        private final StandaloneRelay after;
        private final String accountId;

        Crash(Path directory, Script script) throws Exception {
            Path before = Files.createDirectory(directory.resolve("before"));
            Path left = Files.createDirectory(directory.resolve("left"));
            dying = StandaloneRelay.on(before);
            accountId = dying.account(upstreams.get(0).uri(), oauth()).id();
            peer.enqueue(script);
            RawClient client = dying.client();
            client.post("/v1/messages", dying.key(), StandaloneRelay.message());
            peer.await(1);
            copy(before, left);
            client.reset();
            after = StandaloneRelay.on(left);
        }

        String problem() {
            return after.relay().administration().tokenStatus(accountId).problem();
        }

        private static void copy(Path from, Path to) throws IOException {
            try (Stream<Path> files = Files.list(from)) {
                for (Path file : files.toList()) {
                    Files.copy(file, to.resolve(file.getFileName()));
                }
            }
        }

        @Override
        public void close() {
            after.close();
            peer.release();
            Wait.until(
                    "the dying relay's call to end",
                    () -> !dying.store().tokens().locked(accountId));
            dying.close();
        }
    }
}
