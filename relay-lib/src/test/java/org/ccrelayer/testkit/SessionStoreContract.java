package org.ccrelayer.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.ccrelayer.session.SessionStore;
import org.ccrelayer.store.RelayStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every promise of {@link SessionStore}, on a clock that the test moves. */
public abstract class SessionStoreContract {
    private static final Duration TTL = Duration.ofHours(1);
    private static final Duration ALMOST = TTL.minusMillis(1);
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final MovedClock clock = new MovedClock(Samples.START);
    private RelayStore store;

    /** A store of this kind without any record, by that clock; it is closed after the test. */
    protected abstract RelayStore openEmpty(InstantSource time) throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        store = openEmpty(clock);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    private SessionStore sessions() {
        return store.sessions();
    }

    private Optional<String> account() {
        return sessions().account("k", "s");
    }

    @Test
    void aSessionStaysWithItsAccountUntilItsTimeIsOver() {
        assertThat(account()).isEmpty();
        sessions().keep("k", "s", "a", TTL);
        assertThat(account()).contains("a");
        clock.move(ALMOST);
        assertThat(account()).contains("a");
        clock.move(MOMENT);
        assertThat(account()).isEmpty();
    }

    @Test
    void askingDoesNotRenew() {
        sessions().keep("k", "s", "a", TTL);
        for (int quarter = 0; quarter < 4; quarter++) {
            assertThat(account()).contains("a");
            clock.move(TTL.dividedBy(4));
        }
        assertThat(account()).isEmpty();
    }

    @Test
    void aRenewedSessionStaysForItsWholeTimeFromThenOn() {
        sessions().keep("k", "s", "a", TTL);
        clock.move(ALMOST);
        assertThat(sessions().renew("k", "s", TTL)).isTrue();
        clock.move(ALMOST);
        assertThat(account()).contains("a");
        assertThat(sessions().renew("k", "s", MOMENT)).isTrue();
        clock.move(MOMENT);
        assertThat(account()).as("a time may become shorter").isEmpty();
    }

    @Test
    void whatIsOverOrUnknownIsNotRenewed() {
        assertThat(sessions().renew("k", "s", TTL)).isFalse();
        sessions().keep("k", "s", "a", TTL);
        clock.move(TTL);
        assertThat(sessions().renew("k", "s", TTL)).isFalse();
        assertThat(account()).isEmpty();
    }

    @Test
    void aKeptSessionMovesToItsNewAccount() {
        sessions().keep("k", "s", "a", TTL);
        clock.move(ALMOST);
        sessions().keep("k", "s", "b", TTL);
        clock.move(ALMOST);
        assertThat(account()).contains("b");
    }

    @Test
    void keepingWithSlackRenewsOnlyWhatIsShort() {
        Duration slack = TTL.dividedBy(4);
        sessions().keep("k", "s", "a", TTL, slack);
        clock.move(slack.minus(MOMENT));
        sessions().keep("k", "s", "a", TTL, slack);
        clock.move(TTL.minus(slack));
        assertThat(account()).contains("a");
        clock.move(MOMENT);
        assertThat(account()).as("it was long enough").isEmpty();

        sessions().keep("k", "s", "a", TTL, slack);
        clock.move(slack);
        sessions().keep("k", "s", "a", TTL, slack);
        clock.move(ALMOST);
        assertThat(account()).as("it was too short").contains("a");
    }

    @Test
    void keepingWithSlackMovesAtOnce() {
        sessions().keep("k", "s", "a", TTL, TTL);
        sessions().keep("k", "s", "b", TTL, TTL);
        assertThat(account()).contains("b");
        refused("slack", () -> sessions().keep("k", "s", "b", TTL, MOMENT.negated()));
    }

    @Test
    void aForgottenSessionStaysWithNone() {
        sessions().forget("k", "s");
        sessions().keep("k", "s", "a", TTL);
        sessions().forget("k", "s");
        sessions().forget("k", "s");
        assertThat(account()).isEmpty();
        assertThat(sessions().bind("k", "s", "b", TTL)).isEmpty();
        assertThat(account()).contains("b");
    }

    @Test
    void theFirstBindingWins() {
        assertThat(sessions().bind("k", "s", "a", TTL)).isEmpty();
        clock.move(ALMOST);
        assertThat(sessions().bind("k", "s", "b", TTL)).contains("a");
        assertThat(account()).contains("a");
        clock.move(MOMENT);
        assertThat(account()).as("a binding in vain does not renew").isEmpty();
        assertThat(sessions().bind("k", "s", "b", TTL)).isEmpty();
        assertThat(account()).contains("b");
    }

    @Test
    void twoKeysWithTheSameSessionNeverMeet() {
        sessions().keep("k", "s", "a", TTL);
        assertThat(sessions().account("k2", "s")).isEmpty();
        assertThat(sessions().renew("k2", "s", TTL)).isFalse();
        assertThat(sessions().bind("k2", "s", "b", TTL)).isEmpty();
        sessions().keep("k2", "s", "c", TTL);
        assertThat(account()).contains("a");
        sessions().forget("k2", "s");
        assertThat(account()).contains("a");
    }

    @Test
    void noKeyAndSessionLookLikeOthersTogether() {
        String[] names = {"a", "b", "a:b", "b:a", "a-b", "a|", "*", "{a}", "a b", "ä"};
        for (String key : names) {
            for (String session : names) {
                assertThat(sessions().bind(key, session, key + session, TTL)).isEmpty();
            }
        }
        for (String key : names) {
            for (String session : names) {
                assertThat(sessions().account(key, session)).contains(key + session);
            }
        }
    }

    @Test
    void ofManyThatBindOneSucceedsAndAllAgree() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 50; round++) {
                String session = "s" + round;
                List<Future<String>> told = new ArrayList<>();
                for (int thread = 0; thread < 8; thread++) {
                    String mine = "account-" + thread;
                    told.add(pool.submit(
                            () -> sessions().bind("k", session, mine, TTL).orElse(mine)));
                }
                Set<String> accounts = new HashSet<>();
                for (Future<String> each : told) {
                    accounts.add(each.get(30, TimeUnit.SECONDS));
                }
                assertThat(accounts).hasSize(1);
                assertThat(sessions().account("k", session))
                        .contains(accounts.iterator().next());
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void aTimeMayBeEndless() {
        sessions().keep("k", "s", "a", Duration.ofSeconds(Long.MAX_VALUE));
        clock.move(Duration.ofDays(365));
        assertThat(account()).contains("a");
    }

    @Test
    void whatCannotBeANameIsRefused() {
        for (String text : new String[] {"", "a\u0000b", "a\nb", "x".repeat(SessionStore.MAX_LENGTH + 1)}) {
            refused("keyId", () -> sessions().account(text, "s"));
            refused("session", () -> sessions().account("k", text));
            refused("accountId", () -> sessions().keep("k", "s", text, TTL));
            refused("accountId", () -> sessions().bind("k", "s", text, TTL));
        }
        String longest = "x".repeat(SessionStore.MAX_LENGTH);
        sessions().keep(longest, longest, longest, TTL);
        assertThat(sessions().account(longest, longest)).contains(longest);
        for (Duration ttl : new Duration[] {Duration.ZERO, Duration.ofSeconds(-1)}) {
            refused("ttl", () -> sessions().keep("k", "s", "a", ttl));
            refused("ttl", () -> sessions().bind("k", "s", "a", ttl));
            refused("ttl", () -> sessions().renew("k", "s", ttl));
        }
        assertThat(account()).isEmpty();
    }

    private static void refused(String what, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(what + ": must be");
    }
}
