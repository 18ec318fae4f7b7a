package org.ccrelayer.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.StoredToken;
import org.ccrelayer.account.StoredToken.Access;
import org.ccrelayer.account.StoredToken.Failure;
import org.ccrelayer.account.StoredToken.Intent;
import org.ccrelayer.account.TokenStore;
import org.ccrelayer.store.RelayStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every promise of {@link TokenStore}, on a clock that the test moves. */
public abstract class TokenStoreContract {
    private static final Duration TTL = Duration.ofSeconds(60);

    private final MovedClock clock = new MovedClock(Samples.START);
    private RelayStore store;

    /** A store of this kind without any record, by that clock; it is closed after the test. */
    protected abstract RelayStore openEmpty(InstantSource time) throws Exception;

    /** So much time passes, by whatever clock locks go. */
    protected void pass(Duration time) {
        clock.move(time);
    }

    @BeforeEach
    void openStore() throws Exception {
        store = openEmpty(clock);
        store.accounts().create(Samples.account("a", 1));
        store.accounts().create(Samples.account("b", 2));
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    private TokenStore tokens() {
        return store.tokens();
    }

    private static StoredToken token(int number) {
        return new StoredToken(
                "a",
                "origin-" + number,
                number % 2 == 0
                        ? null
                        : new Access(Secret.of("access \"" + number), Samples.START.plusSeconds(number), Samples.START),
                number % 3 == 0 ? null : Secret.of("refresh 鍵 " + number),
                number % 5 == 0 ? null : new Intent("owner-" + number, Samples.START.plusNanos(number)),
                number % 7 == 0
                        ? null
                        : new Failure("problem", number, number % 4 == 0 ? null : Samples.START.plusSeconds(number)));
    }

    @Test
    void nothingIsKeptAtFirst() {
        assertThat(tokens().find("a")).isEmpty();
        assertThat(tokens().locked("a")).isFalse();
    }

    @Test
    void aTokenIsFoundAsItWasKept() {
        for (int number = 1; number < 40; number++) {
            StoredToken token = token(number);
            assertThat(tokens().update("a", old -> Optional.of(token))).contains(token);
            assertThat(tokens().find("a")).contains(token);
            assertThat(tokens().find("b")).isEmpty();
        }
    }

    @Test
    void aChangeSeesWhatIsKeptAndMayRemoveIt() {
        tokens().update("a", old -> {
            assertThat(old).isEmpty();
            return Optional.of(token(1));
        });
        assertThat(tokens().update("a", old -> {
                    assertThat(old).contains(token(1));
                    return Optional.empty();
                }))
                .isEmpty();
        assertThat(tokens().find("a")).isEmpty();
    }

    @Test
    void aChangeThatFailsOrGoesElsewhereChangesNothing() {
        tokens().update("a", old -> Optional.of(token(1)));
        assertThatThrownBy(() -> tokens().update("a", old -> {
                    throw new IllegalArgumentException("refused");
                }))
                .hasMessage("refused");
        assertThatThrownBy(() -> tokens().update("b", old -> Optional.of(token(1))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(tokens().find("a")).contains(token(1));
        assertThat(tokens().find("b")).isEmpty();
    }

    @Test
    void anAccountStaysAsItIsWhenItsTokenChanges() {
        var before = store.accounts().find("a");
        tokens().update("a", old -> Optional.of(token(1)));
        assertThat(store.accounts().find("a")).isEqualTo(before);
    }

    @Test
    void whatIsKeptGoesWithItsAccount() {
        tokens().update("a", old -> Optional.of(token(1)));
        store.accounts().delete("b");
        assertThat(tokens().find("a")).isPresent();
        store.accounts().delete("a");
        assertThat(tokens().find("a")).isEmpty();
    }

    @Test
    void noUpdateIsLostUnderEightThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                running.add(threads.submit(() -> {
                    for (int round = 0; round < 50; round++) {
                        tokens().update("a", TokenStoreContract::counted);
                    }
                }));
            }
            for (Future<?> thread : running) {
                thread.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(tokens().find("a").orElseThrow().failure()).isEqualTo(new Failure("counted", 400, null));
    }

    private static Optional<StoredToken> counted(Optional<StoredToken> old) {
        Failure failure = old.map(StoredToken::failure).orElse(null);
        int count = failure == null ? 0 : failure.inARow();
        return Optional.of(StoredToken.none("a", "origin").failed(new Failure("counted", count + 1, null)));
    }

    @Test
    void aLockHasOneOwner() {
        assertThat(tokens().lock("a", "first", TTL)).isTrue();
        assertThat(tokens().locked("a")).isTrue();
        assertThat(tokens().lock("a", "second", TTL)).isFalse();
        assertThat(tokens().lock("a", "first", TTL)).isTrue();
        assertThat(tokens().lock("b", "second", TTL)).isTrue();
        tokens().unlock("a", "second");
        assertThat(tokens().locked("a")).isTrue();
        tokens().unlock("a", "first");
        assertThat(tokens().locked("a")).isFalse();
        assertThat(tokens().lock("a", "second", TTL)).isTrue();
        tokens().unlock("b", "nobody");
        assertThat(tokens().locked("b")).isTrue();
    }

    @Test
    void aLockThatIsNotGivenBackEnds() {
        tokens().lock("a", "first", TTL);
        pass(TTL.dividedBy(2));
        assertThat(tokens().lock("a", "second", TTL)).isFalse();
        pass(TTL.dividedBy(2));
        assertThat(tokens().locked("a")).isFalse();
        assertThat(tokens().lock("a", "second", TTL)).isTrue();
        tokens().unlock("a", "first");
        assertThat(tokens().locked("a")).isTrue();
    }

    @Test
    void whoTakesALockAgainHasItForLongerAndNeverForLess() {
        tokens().lock("a", "first", TTL);
        pass(TTL.dividedBy(2));
        assertThat(tokens().lock("a", "first", TTL)).isTrue();
        assertThat(tokens().lock("a", "first", Duration.ofMillis(1))).isTrue();
        pass(TTL.dividedBy(2));
        assertThat(tokens().lock("a", "second", TTL)).isFalse();
        assertThat(tokens().lock("b", "second", TTL.dividedBy(4))).isTrue();
        pass(TTL.dividedBy(4));
        assertThat(tokens().locked("b")).isFalse();
    }
}
