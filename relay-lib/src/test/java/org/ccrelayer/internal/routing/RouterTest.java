package org.ccrelayer.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.apikey.Activation;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.internal.envelope.CostFacts;
import org.ccrelayer.internal.envelope.PinnedIds;
import org.ccrelayer.internal.envelope.RequestFacts;
import org.ccrelayer.internal.health.AccountHealth;
import org.ccrelayer.internal.pricing.CurrentPrices;
import org.ccrelayer.internal.store.embedded.EmbeddedStore;
import org.ccrelayer.internal.store.embedded.StoreTime;
import org.ccrelayer.testkit.Samples;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RouterTest {
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

    private static final ApiKey KEY =
            new ApiKey("k", "key", "hash", true, KeyLimits.NONE, Instant.EPOCH, null, Activation.NONE);

    private EmbeddedStore store;
    private Router router;

    @BeforeEach
    void open() {
        store = EmbeddedStore.inMemory(StoreTime.utc(InstantSource.fixed(Samples.START)));
        router = router();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Account account(String id, int priority) {
        Account account = new Account(
                id,
                id,
                new ApiKeyCredential(Secret.of("secret")),
                URI.create("https://upstream.test"),
                priority,
                true,
                Set.of(),
                Instant.EPOCH);
        store.accounts().create(account);
        return account;
    }

    private Router router() {
        InstantSource clock = InstantSource.fixed(Samples.START);
        return new Router(
                store.accounts(),
                new AccountHealth(clock),
                new AccountQuotas(store.accounts(), store.usage(), clock, ZoneOffset.UTC),
                new SessionAffinity(store.sessions(), Duration.ofHours(1)),
                new SessionBinding(store.sessions(), Duration.ZERO),
                new ObjectPins(store.objects(), store.accounts()),
                CurrentPrices.bundled(),
                clock);
    }

    private Optional<Account> route(Set<String> tried) {
        return router.route(router.asking(router.lookup(HttpFields.EMPTY, FACTS, KEY), tried))
                .route()
                .chosen();
    }

    private String next() {
        return route(Set.of()).orElseThrow().id();
    }

    @Test
    void equal_accounts_take_turns_even_when_many_ask_at_once() throws Exception {
        for (int i = 0; i < 3; i++) {
            account("account-" + i, 50);
        }
        Map<String, Integer> served = new ConcurrentHashMap<>();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread client = new Thread(() -> {
                for (int request = 0; request < 250; request++) {
                    served.merge(next(), 1, Integer::sum);
                }
            });
            clients.add(client);
            client.start();
        }
        for (Thread client : clients) {
            client.join();
        }
        assertThat(served.values()).containsExactlyInAnyOrder(333, 333, 334);
    }

    @Test
    void an_account_that_was_added_or_removed_counts_at_once() {
        account("account-0", 50);
        assertThat(next()).isEqualTo("account-0");
        account("account-1", 10);
        assertThat(next()).isEqualTo("account-1");
        store.accounts().delete("account-1");
        assertThat(next()).isEqualTo("account-0");
    }

    @Test
    void a_retry_goes_to_an_account_that_was_not_tried() {
        account("account-0", 50);
        account("account-1", 50);
        assertThat(route(Set.of("account-0"))).map(Account::id).contains("account-1");
        assertThat(route(Set.of("account-0", "account-1"))).isEmpty();
    }

    @Test
    void two_routers_do_not_share_their_turns() {
        account("account-0", 50);
        account("account-1", 50);
        assertThat(next()).isEqualTo("account-0");
        Router other = router();
        assertThat(other.route(other.asking(other.lookup(HttpFields.EMPTY, FACTS, KEY), Set.of()))
                        .route()
                        .chosen())
                .map(Account::id)
                .contains("account-0");
    }
}
