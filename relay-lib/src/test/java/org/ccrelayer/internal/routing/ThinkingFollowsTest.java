package org.ccrelayer.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountRouting;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.apikey.Activation;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.internal.envelope.CostFacts;
import org.ccrelayer.internal.envelope.PinnedIds;
import org.ccrelayer.internal.envelope.RequestFacts;
import org.ccrelayer.internal.health.AccountHealth;
import org.ccrelayer.internal.health.Verdict;
import org.ccrelayer.internal.pricing.CurrentPrices;
import org.ccrelayer.internal.store.embedded.EmbeddedStore;
import org.ccrelayer.internal.store.embedded.StoreTime;
import org.ccrelayer.testkit.MovedClock;
import org.ccrelayer.testkit.Samples;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A session's thinking goes back to the account that it came from, long after the session's cache is gone. */
class ThinkingFollowsTest {
    private static final Duration TTL = Duration.ofHours(1);
    private static final HttpFields SESSION = HttpFields.build().put(SessionIdentity.HEADER, "s");
    private static final ApiKey KEY =
            new ApiKey("k", "key", "hash", true, KeyLimits.NONE, Instant.EPOCH, null, Activation.NONE);

    private final MovedClock clock = new MovedClock(Samples.START);
    private final EmbeddedStore store = EmbeddedStore.inMemory(StoreTime.utc(clock));
    private SessionAffinity affinity = new SessionAffinity(store.sessions(), TTL);
    private Router router = router();

    private Router router() {
        return new Router(
                store.accounts(),
                new AccountHealth(clock),
                new AccountQuotas(store.accounts(), store.usage(), clock, ZoneOffset.UTC),
                affinity,
                new SessionBinding(store.sessions(), Duration.ZERO),
                new ObjectPins(store.objects(), store.accounts()),
                CurrentPrices.bundled(),
                clock);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void account(String id, boolean schedulable, @Nullable String workspace) {
        store.accounts().delete(id);
        store.accounts()
                .create(new Account(
                        id,
                        id,
                        new ApiKeyCredential(Secret.of("secret")),
                        URI.create("https://upstream.test"),
                        50,
                        schedulable,
                        Set.of(),
                        Instant.EPOCH,
                        AccountRouting.DEFAULT.withWorkspace(workspace)));
    }

    private static RequestFacts facts(boolean thinking) {
        return new RequestFacts(
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
                thinking,
                new CostFacts(0, 0, 0, false, false, false, 0, 0, 0, false, false, 0, null),
                null);
    }

    /** The account that answers a request with or without thinking in it. */
    private String ask(boolean thinking, boolean thinkingInAnswer) {
        Turn turn = router.route(router.asking(router.lookup(SESSION, facts(thinking), KEY), Set.of()))
                .turn()
                .orElseThrow();
        if (thinkingInAnswer) {
            turn.thought();
        }
        turn.done(Verdict.ok("sonnet"));
        return turn.account().id();
    }

    /** Lets the next account have its turn. */
    private void others() {
        router.route(router.asking(router.lookup(HttpFields.EMPTY, facts(false), KEY), Set.of()))
                .turn()
                .orElseThrow()
                .done(null);
    }

    @Test
    void thinkingGoesBackForThirtyDays() {
        account("a", true, null);
        account("b", true, null);
        assertThat(ask(false, true)).isEqualTo("a");
        clock.move(Duration.ofDays(30).minusMillis(1));
        assertThat(ask(true, false)).as("b has the turn").isEqualTo("a");
        clock.move(Duration.ofDays(30).minusMillis(1));
        assertThat(ask(true, true)).as("renewed by the request").isEqualTo("a");
        clock.move(Duration.ofDays(30));
        assertThat(ask(true, false)).isEqualTo("b");
    }

    @Test
    void withoutThinkingNothingIsRememberedBeyondTheSession() {
        account("a", true, null);
        account("b", true, null);
        assertThat(ask(false, false)).isEqualTo("a");
        clock.move(TTL);
        assertThat(ask(true, false)).isEqualTo("b");
    }

    @Test
    void aRequestWithoutThinkingDoesNotFollowIt() {
        account("a", true, null);
        account("b", true, null);
        assertThat(ask(false, true)).isEqualTo("a");
        clock.move(TTL);
        assertThat(ask(false, false)).isEqualTo("b");
    }

    @Test
    void itFollowsAlsoWhereSessionsAreNotKept() {
        affinity = new SessionAffinity(store.sessions(), Duration.ZERO);
        router = router();
        account("a", true, null);
        account("b", true, null);
        assertThat(ask(false, true)).isEqualTo("a");
        assertThat(ask(true, false)).isEqualTo("a");
        others();
        assertThat(ask(false, false)).isEqualTo("a");
        assertThat(ask(false, false)).isEqualTo("b");
    }

    @Test
    void itMovesWithinItsWorkspaceFirstAndMovesAreCounted() {
        account("a", true, "w");
        account("b", true, "v");
        account("c", true, "w");
        assertThat(ask(false, true)).isEqualTo("a");
        clock.move(TTL);
        account("a", false, "w");
        assertThat(ask(true, true)).isEqualTo("c");
        assertThat(affinity.moves()).containsEntry("disabled", 1L);
        clock.move(TTL);
        account("a", true, "w");
        assertThat(ask(true, true)).as("it has moved").isEqualTo("c");
        assertThat(affinity.moves()).containsEntry("disabled", 1L);
        account("a", false, "w");
        account("c", false, "w");
        assertThat(ask(true, true)).isEqualTo("b");
        assertThat(affinity.moves()).containsEntry("disabled", 2L);
    }

    @Test
    void whereTheAccountIsMovesNothingThatIsOnlyFull() {
        account("a", true, null);
        account("b", true, null);
        assertThat(ask(false, true)).isEqualTo("a");
        store.accounts()
                .update(
                        "a",
                        old -> new Account(
                                old.id(),
                                old.name(),
                                old.credential(),
                                old.baseUrl(),
                                old.priority(),
                                true,
                                old.models(),
                                old.createdAt(),
                                old.routing().withConcurrency(1)));
        Turn running = router.route(router.asking(router.lookup(SESSION, facts(true), KEY), Set.of()))
                .turn()
                .orElseThrow();
        assertThat(running.account().id()).isEqualTo("a");
        assertThat(ask(true, true)).isEqualTo("b");
        running.done(null);
        assertThat(ask(true, true)).isEqualTo("a");
        assertThat(affinity.moves().values()).containsOnly(0L);
    }
}
