package org.ccrelayer.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.apikey.Activation;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.envelope.CostFacts;
import org.ccrelayer.internal.envelope.PinnedIds;
import org.ccrelayer.internal.envelope.RequestFacts;
import org.ccrelayer.internal.health.AccountHealth;
import org.ccrelayer.internal.health.UpstreamVerdicts;
import org.ccrelayer.internal.health.Verdict;
import org.ccrelayer.internal.pricing.CurrentPrices;
import org.ccrelayer.internal.store.embedded.EmbeddedStore;
import org.ccrelayer.internal.store.embedded.StoreTime;
import org.ccrelayer.session.SessionStore;
import org.ccrelayer.testkit.MovedClock;
import org.ccrelayer.testkit.Samples;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What others learn from a request's turn on an account, and what is left behind when it is over. */
class TurnTest {
    private static final HttpFields SESSION = HttpFields.build().put(SessionIdentity.HEADER, "s");
    private static final ApiKey KEY =
            new ApiKey("k", "key", "hash", true, KeyLimits.NONE, Instant.EPOCH, null, Activation.NONE);
    private static final RequestFacts FACTS = new RequestFacts(
            "claude-sonnet-5-5",
            -1,
            -1,
            false,
            OptionalLong.empty(),
            null,
            null,
            null,
            null,
            List.of(),
            PinnedIds.NONE,
            false,
            new CostFacts(0, 0, 0, false, false, false, 0, 0, 0, false, false, 0, null),
            null);

    private final MovedClock clock = new MovedClock(Samples.START);
    private final EmbeddedStore store = EmbeddedStore.inMemory(StoreTime.utc(clock));
    private SessionAffinity affinity = new SessionAffinity(store.sessions(), Duration.ofHours(1));
    private Router router = router(new SessionBinding(store.sessions(), Duration.ZERO));

    private Router router(SessionBinding binding) {
        return new Router(
                store.accounts(),
                new AccountHealth(clock),
                new AccountQuotas(store.accounts(), store.usage(), clock, ZoneOffset.UTC),
                affinity,
                binding,
                new ObjectPins(store.objects(), store.accounts()),
                CurrentPrices.bundled(),
                clock);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static Account withSecret(String id, String secret) {
        return new Account(
                id,
                id,
                new ApiKeyCredential(Secret.of(secret)),
                URI.create("https://upstream.test"),
                50,
                true,
                Set.of(),
                Instant.EPOCH);
    }

    private void account(String id) {
        store.accounts().create(withSecret(id, "secret"));
    }

    private Turn turn(HttpFields headers) {
        return router.route(router.asking(router.lookup(headers, FACTS, KEY), Set.of()))
                .turn()
                .orElseThrow();
    }

    private Verdict refused(int status) {
        return new UpstreamVerdicts().classify(status, HttpFields.EMPTY, null, "sonnet", clock.instant());
    }

    private String state(String id) {
        return router.status(id).state();
    }

    /** The same sessions, but for one method, which the store does not answer. */
    private SessionStore failing(String method) {
        return (SessionStore) Proxy.newProxyInstance(
                SessionStore.class.getClassLoader(),
                new Class<?>[] {SessionStore.class},
                (proxy, called, arguments) -> {
                    if (called.getName().equals(method)) {
                        throw new RelayException(Outcome.STORE_UNAVAILABLE);
                    }
                    try {
                        return called.invoke(store.sessions(), arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void aReturningAccountIsBackWhenItsAnswerBegins() {
        account("a");
        turn(HttpFields.EMPTY).done(refused(500));
        clock.move(Duration.ofSeconds(3));
        Turn probe = turn(HttpFields.EMPTY);
        assertThat(state("a")).isEqualTo("probing");
        probe.works();
        assertThat(state("a")).isEqualTo("in");
        probe.done(Verdict.ok("sonnet"));
        assertThat(router.status("a").running()).isZero();
    }

    @Test
    void aSessionIsWithItsAccountWhenTheAnswerBegins() {
        account("a");
        account("b");
        Turn first = turn(SESSION);
        first.works();
        assertThat(turn(SESSION).account()).isEqualTo(first.account());
    }

    @Test
    void aMoveCountsOnce() {
        account("a");
        account("b");
        Turn first = turn(SESSION);
        first.works();
        first.done(Verdict.ok("sonnet"));
        store.accounts().delete(first.account().id());
        Turn second = turn(SESSION);
        second.works();
        second.done(Verdict.ok("sonnet"));
        assertThat(affinity.moves()).containsEntry("disabled", 1L);
    }

    @Test
    void whatAnOldCredentialComesToIsNotHeldAgainstANewOne() {
        account("a");
        Turn before = turn(HttpFields.EMPTY);
        store.accounts().update("a", old -> withSecret("a", "another"));
        turn(HttpFields.EMPTY).done(Verdict.ok("sonnet"));
        before.done(refused(401));
        assertThat(state("a")).isEqualTo("in");
        assertThat(router.status("a").running()).isZero();
    }

    @Test
    void aSessionThatCannotBeKeptCostsTheAnswerNothing() {
        account("a");
        affinity = new SessionAffinity(failing("keep"), Duration.ofHours(1));
        router = router(new SessionBinding(store.sessions(), Duration.ZERO));
        Turn turn = turn(SESSION);
        turn.works();
        turn.done(Verdict.ok("sonnet"));
        assertThat(router.status("a").running()).isZero();
    }

    @Test
    void aSessionThatCannotBeBoundLeavesNoProbeBehind() {
        account("a");
        router = router(new SessionBinding(failing("bind"), Duration.ofHours(1)));
        turn(HttpFields.EMPTY).done(refused(500));
        clock.move(Duration.ofSeconds(3));
        assertThatThrownBy(() -> turn(SESSION)).isInstanceOf(RelayException.class);
        assertThat(state("a")).isEqualTo("half_open");
        assertThat(router.status("a").running()).isZero();
    }
}
