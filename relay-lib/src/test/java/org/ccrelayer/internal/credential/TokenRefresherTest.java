package org.ccrelayer.internal.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.OAuthCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.StoredToken;
import org.ccrelayer.account.TokenOrigin;
import org.ccrelayer.account.TokenStatus;
import org.ccrelayer.account.TokenStore;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.store.embedded.EmbeddedStore;
import org.ccrelayer.internal.store.embedded.StoreTime;
import org.ccrelayer.testkit.ManualScheduler;
import org.ccrelayer.testkit.MovedClock;
import org.ccrelayer.testkit.Samples;
import org.ccrelayer.testkit.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One call per account whoever asks, nothing lost between a call and the store, and a pause after failures. */
@Timeout(60)
class TokenRefresherTest {
    private static final Duration LOCK = Duration.ofSeconds(60);

    private final MovedClock clock = new MovedClock(Samples.START);
    private final EmbeddedStore store = EmbeddedStore.inMemory(StoreTime.utc(clock));
    private final FailingStore tokens = new FailingStore();
    private final ManualScheduler scheduler = new ManualScheduler();
    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private final List<CompletableFuture<TokenEndpoint.Answer>> calls = new ArrayList<>();
    private final List<String> obtained = new ArrayList<>();
    private final Account account = account("first");
    private final TokenRefresher refresher = new TokenRefresher(new TokenRefresher.Parts(
            store.accounts(),
            tokens,
            this::call,
            new AssertionReader(name -> null),
            clock,
            executor,
            scheduler,
            obtained::add));

    /** A store whose changes fail while a test wants it. */
    private final class FailingStore implements TokenStore {
        private volatile boolean failing;
        private volatile boolean failingToLock;
        private volatile boolean failingToUnlock;

        @Override
        public Optional<StoredToken> find(String accountId) {
            return store.tokens().find(accountId);
        }

        @Override
        public Optional<StoredToken> update(String accountId, UnaryOperator<Optional<StoredToken>> change) {
            if (failing) {
                throw new RelayException(Outcome.STORE_UNAVAILABLE);
            }
            return store.tokens().update(accountId, change);
        }

        @Override
        public boolean lock(String accountId, String owner, Duration ttl) {
            if (failingToLock) {
                throw new RelayException(Outcome.STORE_UNAVAILABLE);
            }
            return store.tokens().lock(accountId, owner, ttl);
        }

        @Override
        public void unlock(String accountId, String owner) {
            if (failingToUnlock) {
                throw new RelayException(Outcome.STORE_UNAVAILABLE);
            }
            store.tokens().unlock(accountId, owner);
        }

        @Override
        public boolean locked(String accountId) {
            return store.tokens().locked(accountId);
        }
    }

    @BeforeEach
    void createAccount() {
        store.accounts().create(account);
    }

    @AfterEach
    void stop() {
        executor.shutdownNow();
        store.close();
    }

    private static Account account(String refreshToken) {
        return new Account(
                "a",
                "name",
                new OAuthCredential(
                        URI.create("https://tokens.example/"), "client", null, Secret.of(refreshToken), null),
                URI.create("https://upstream.example"),
                1,
                true,
                Set.of(),
                Samples.START);
    }

    private synchronized CompletionStage<TokenEndpoint.Answer> call(Account asking, TokenRequest request) {
        CompletableFuture<TokenEndpoint.Answer> answer = new CompletableFuture<>();
        calls.add(answer);
        return answer;
    }

    private synchronized int calls() {
        return calls.size();
    }

    private CompletableFuture<TokenEndpoint.Answer> awaitCall(int number) {
        Wait.until("call " + number, () -> calls() == number);
        synchronized (this) {
            return calls.get(number - 1);
        }
    }

    private static TokenEndpoint.Answer answer(int status, String body) {
        return new TokenEndpoint.Answer(status, body.getBytes(StandardCharsets.UTF_8));
    }

    private static TokenEndpoint.Answer granted(String token) {
        return answer(
                200,
                "{\"access_token\":\"" + token + "\",\"token_type\":\"Bearer\",\"expires_in\":3600,"
                        + "\"refresh_token\":\"next\"}");
    }

    private CompletableFuture<Secret> ask() {
        return refresher.token(account).toCompletableFuture();
    }

    private static String come(CompletableFuture<Secret> token) throws Exception {
        return token.get(20, TimeUnit.SECONDS).reveal();
    }

    private static NoTokenException none(CompletableFuture<Secret> token) {
        Wait.until("an end", token::isDone);
        return (NoTokenException)
                TokenRefresher.cause(token.handle((secret, failure) -> failure).join());
    }

    private StoredToken kept() {
        return store.tokens().find("a").orElseThrow();
    }

    private void keep(StoredToken token) {
        store.tokens().update("a", old -> Optional.of(token));
    }

    private StoredToken.Access access(String token, Duration left) {
        return new StoredToken.Access(
                Secret.of(token), clock.instant().plus(left), clock.instant().minusSeconds(3600));
    }

    @Test
    void manyWaitForOneCallAndTheirTokenIsStoredFirst() throws Exception {
        List<CompletableFuture<Secret>> waiting = new ArrayList<>();
        for (int request = 0; request < 100; request++) {
            waiting.add(ask());
        }
        CompletableFuture<TokenEndpoint.Answer> call = awaitCall(1);
        assertThat(kept().intent()).isNotNull();
        CompletableFuture<StoredToken> then = waiting.get(0).thenApply(token -> kept());
        call.complete(granted("t"));
        for (CompletableFuture<Secret> token : waiting) {
            assertThat(come(token)).isEqualTo("t");
        }
        StoredToken seen = then.get(20, TimeUnit.SECONDS);
        assertThat(seen.holds(Secret.of("t"))).isTrue();
        assertThat(seen.refreshToken()).isEqualTo(Secret.of("next"));
        assertThat(seen.intent()).isNull();
        assertThat(come(ask())).isEqualTo("t");
        assertThat(calls()).isEqualTo(1);
        assertThat(obtained).containsExactly("a");
        assertThat(store.tokens().locked("a")).isFalse();
    }

    @Test
    void anotherRelaysCallIsWaitedForAndItsTokenUsed() throws Exception {
        assertThat(store.tokens().lock("a", "another relay", LOCK)).isTrue();
        CompletableFuture<Secret> waiting = ask();
        Wait.until("a pause", () -> scheduler.pending() == 1);
        scheduler.advance(Duration.ofMillis(250));
        Wait.until("another pause", () -> scheduler.pending() == 1);
        keep(StoredToken.none("a", TokenOrigin.of(account))
                .obtained(access("theirs", Duration.ofHours(1)), Secret.of("next")));
        store.tokens().unlock("a", "another relay");
        scheduler.advance(Duration.ofMillis(250));
        assertThat(come(waiting)).isEqualTo("theirs");
        assertThat(calls()).isZero();
    }

    @Test
    void aStoreThatDoesNotAnswerIsAskedAgainForALittleWhile() throws Exception {
        tokens.failingToLock = true;
        CompletableFuture<Secret> waiting = ask();
        Wait.until("a pause", () -> scheduler.pending() == 1);
        tokens.failingToLock = false;
        scheduler.advance(Duration.ofMillis(250));
        awaitCall(1).complete(granted("t"));
        assertThat(come(waiting)).isEqualTo("t");
        tokens.failingToLock = true;
        CompletableFuture<Secret> inVain = refresher.refresh(account).toCompletableFuture();
        for (int pause = 0; pause < 8; pause++) {
            Wait.until("a pause", () -> scheduler.pending() == 1);
            scheduler.advance(Duration.ofMillis(250));
        }
        assertThatThrownBy(() -> inVain.get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(RelayException.class)
                .hasMessageContaining("store");
        assertThat(calls()).isEqualTo(1);
    }

    @Test
    void aLockThatCouldNotBeGivenBackIsGivenBackWhenTheStoreAnswers() throws Exception {
        tokens.failing = true;
        tokens.failingToUnlock = true;
        CompletableFuture<Secret> inVain = ask();
        assertThatThrownBy(() -> come(inVain)).hasRootCauseInstanceOf(RelayException.class);
        assertThat(store.tokens().locked("a")).isTrue();
        for (int pause = 0; pause < 3; pause++) {
            Wait.until("a pause", () -> scheduler.pending() == 1);
            scheduler.advance(Duration.ofMillis(250));
        }
        Wait.until("a pause", () -> scheduler.pending() == 1);
        tokens.failing = false;
        tokens.failingToUnlock = false;
        scheduler.advance(Duration.ofMillis(250));
        Wait.until("the lock to be free", () -> !store.tokens().locked("a"));
        CompletableFuture<Secret> again = ask();
        awaitCall(1).complete(granted("t"));
        assertThat(come(again)).isEqualTo("t");
        assertThat(scheduler.pending()).isZero();
    }

    @Test
    void theLockOfARelayThatDiedIsTaken() throws Exception {
        store.tokens().lock("a", "another relay", LOCK);
        CompletableFuture<Secret> waiting = ask();
        Wait.until("a pause", () -> scheduler.pending() == 1);
        clock.move(LOCK);
        scheduler.advance(Duration.ofMillis(250));
        awaitCall(1).complete(granted("t"));
        assertThat(come(waiting)).isEqualTo("t");
    }

    @Test
    void aTokenThatCouldNotBeStoredIsStoredBeforeAnythingElseIsTried() throws Exception {
        CompletableFuture<Secret> first = ask();
        CompletableFuture<TokenEndpoint.Answer> call = awaitCall(1);
        tokens.failing = true;
        call.complete(granted("t"));
        assertThatThrownBy(() -> come(first)).hasRootCauseInstanceOf(RelayException.class);
        tokens.failing = false;
        assertThat(come(ask())).isEqualTo("t");
        assertThat(kept().refreshToken()).isEqualTo(Secret.of("next"));
        assertThat(calls()).isEqualTo(1);
    }

    @Test
    void anAccountThatIsChangedMeanwhileDoesNotGetTheOldOnesToken() {
        CompletableFuture<Secret> waiting = ask();
        CompletableFuture<TokenEndpoint.Answer> call = awaitCall(1);
        store.accounts().update("a", old -> account("second"));
        store.tokens().update("a", old -> Optional.empty());
        call.complete(granted("t"));
        assertThat(none(waiting).problem()).isEqualTo("the account was changed");
        assertThat(store.tokens().find("a")).isEmpty();
    }

    @Test
    void anAccountThatWasChangedBeforeTheCallIsNotCalledFor() {
        store.accounts().update("a", old -> account("second"));
        assertThat(none(ask()).problem()).isEqualTo("the account was changed");
        assertThat(calls()).isZero();
        assertThat(store.tokens().find("a")).isEmpty();
    }

    @Test
    void failuresPauseTwiceAsLongEachTimeUpToFiveMinutes() {
        long[] pauses = {5, 10, 20, 40, 80, 160, 300, 300};
        for (int number = 0; number < pauses.length; number++) {
            CompletableFuture<Secret> waiting = ask();
            awaitCall(number + 1).complete(answer(503, "{\"error\":\"temporarily_unavailable\"}"));
            NoTokenException failure = none(waiting);
            assertThat(failure.problem()).isEqualTo("refresh failed: temporarily_unavailable");
            assertThat(failure.againAt()).isEqualTo(clock.instant().plusSeconds(pauses[number]));
            clock.move(Duration.ofSeconds(pauses[number]).minusMillis(1));
            assertThat(none(ask()).problem()).isEqualTo("refresh failed: temporarily_unavailable");
            assertThat(calls()).isEqualTo(number + 1);
            clock.move(Duration.ofMillis(1));
        }
    }

    @Test
    void aRefusedRefreshTokenIsNotTriedAgainUntilAnOperatorSaysSo() throws Exception {
        CompletableFuture<Secret> waiting = ask();
        awaitCall(1).complete(answer(400, "{\"error\":\"invalid_grant\"}"));
        assertThat(none(waiting).againAt()).isNull();
        clock.move(Duration.ofDays(30));
        assertThat(none(ask()).problem()).isEqualTo("refresh failed: invalid_grant");
        assertThat(calls()).isEqualTo(1);
        CompletableFuture<Secret> wanted = refresher.refresh(account).toCompletableFuture();
        awaitCall(2).complete(granted("t"));
        assertThat(come(wanted)).isEqualTo("t");
        assertThat(kept().failure()).isNull();
    }

    @Test
    void whereNobodyHeardTheCallNothingIsUnknown() {
        CompletableFuture<Secret> waiting = ask();
        awaitCall(1).completeExceptionally(new TokenEndpoint.Unanswered(false, "connection failed"));
        assertThat(none(waiting).problem()).isEqualTo("refresh failed: connection failed");
        assertThat(kept().intent()).isNull();
    }

    @Test
    void anAnswerThatWasLostIsUnknownUntilARefreshTokenIsRefused() {
        CompletableFuture<Secret> first = ask();
        awaitCall(1).completeExceptionally(new TokenEndpoint.Unanswered(true, "timed out"));
        assertThat(none(first).problem()).isEqualTo(TokenStatus.OUTCOME_UNKNOWN);
        assertThat(kept().intent()).isNotNull();
        clock.move(Duration.ofSeconds(5));
        CompletableFuture<Secret> second = ask();
        awaitCall(2).complete(answer(500, ""));
        assertThat(none(second).problem()).isEqualTo("refresh failed: the endpoint answered 500");
        assertThat(kept().intent()).isNotNull();
        clock.move(Duration.ofSeconds(10));
        CompletableFuture<Secret> third = ask();
        awaitCall(3).complete(answer(400, "{\"error\":\"invalid_grant\"}"));
        assertThat(none(third).problem())
                .isEqualTo("refresh outcome unknown, then invalid_grant: give the account a new refreshToken");
        assertThat(kept().intent()).isNull();
    }

    @Test
    void aYesThatCannotBeReadIsUnknown() {
        CompletableFuture<Secret> waiting = ask();
        awaitCall(1).complete(answer(200, "<html>"));
        assertThat(none(waiting).problem()).isEqualTo(TokenStatus.OUTCOME_UNKNOWN);
        assertThat(kept().intent()).isNotNull();
    }

    @Test
    void aTokenWithSecondsLeftIsUsedWhereNoOtherIsGiven() throws Exception {
        keep(StoredToken.none("a", TokenOrigin.of(account))
                .obtained(access("old", Duration.ofSeconds(20)), Secret.of("next")));
        CompletableFuture<Secret> waiting = ask();
        awaitCall(1).complete(answer(500, ""));
        assertThat(come(waiting)).isEqualTo("old");
        assertThat(come(ask())).isEqualTo("old");
        assertThat(calls()).isEqualTo(1);
        clock.move(Duration.ofSeconds(20));
        CompletableFuture<Secret> late = ask();
        awaitCall(2).complete(answer(500, ""));
        assertThat(none(late).problem()).isEqualTo("refresh failed: the endpoint answered 500");
    }

    @Test
    void aRefusedTokenIsDroppedUnlessItWasReplaced() throws Exception {
        keep(StoredToken.none("a", TokenOrigin.of(account))
                .obtained(access("second", Duration.ofHours(1)), Secret.of("next")));
        refresher.refused(account, Secret.of("first"));
        assertThat(come(ask())).isEqualTo("second");
        refresher.refused(account, Secret.of("second"));
        CompletableFuture<Secret> waiting = ask();
        awaitCall(1).complete(granted("third"));
        assertThat(come(waiting)).isEqualTo("third");
    }

    @Test
    void anotherCredentialsTokenIsNotUsed() throws Exception {
        keep(StoredToken.none("a", TokenOrigin.of(account("second")))
                .obtained(access("foreign", Duration.ofHours(1)), Secret.of("next")));
        CompletableFuture<Secret> waiting = ask();
        awaitCall(1).complete(granted("own"));
        assertThat(come(waiting)).isEqualTo("own");
        assertThat(kept().origin()).isEqualTo(TokenOrigin.of(account));
    }

    @Test
    void aRequestWithAnOlderCredentialLeavesTheNewOnesTokenAlone() {
        store.accounts().update("a", old -> account("second"));
        keep(StoredToken.none("a", TokenOrigin.of(account("second")))
                .obtained(access("newer", Duration.ofHours(1)), Secret.of("next")));
        assertThat(none(ask()).problem()).isEqualTo("the account was changed");
        assertThat(kept().holds(Secret.of("newer"))).isTrue();
        assertThat(calls()).isZero();
    }

    @Test
    void aKeptTokenThatCannotBeDecryptedIsReplaced() throws Exception {
        StoredToken.Access lost = new StoredToken.Access(
                Secret.undecryptable("lost"), clock.instant().plusSeconds(3600), clock.instant());
        keep(new StoredToken("a", TokenOrigin.of(account), lost, null, null, null));
        CompletableFuture<Secret> waiting = ask();
        awaitCall(1).complete(granted("t"));
        assertThat(come(waiting)).isEqualTo("t");
    }

    @Test
    void aKeptRefreshTokenThatCannotBeDecryptedIsAFailureAndNoLostCall() {
        keep(new StoredToken("a", TokenOrigin.of(account), null, Secret.undecryptable("lost"), null, null));
        NoTokenException failure = none(ask());
        assertThat(failure.problem()).contains("cannot be decrypted");
        assertThat(kept().intent()).isNull();
        assertThat(kept().refreshToken()).isEqualTo(Secret.undecryptable("lost"));
        assertThat(calls()).isZero();
    }

    @Test
    void aCredentialThatCannotBeDecryptedIsAFailureAndNoLostCall() {
        OAuthCredential lost = new OAuthCredential(
                URI.create("https://tokens.example/"), "client", Secret.undecryptable("lost"), null, null);
        Account unreadable = new Account("a", "name", lost, account.baseUrl(), 1, true, Set.of(), Samples.START);
        store.accounts().update("a", old -> unreadable);
        NoTokenException failure = none(refresher.refresh(unreadable).toCompletableFuture());
        assertThat(failure.problem()).contains("cannot be decrypted");
        assertThat(kept().intent()).isNull();
        assertThat(calls()).isZero();
    }
}
