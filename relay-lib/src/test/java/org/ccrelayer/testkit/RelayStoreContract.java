package org.ccrelayer.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.store.RelayStore;
import org.ccrelayer.usage.UsageTotals;
import org.junit.jupiter.api.Test;

/** Every promise of {@link RelayStore} and its ports. Extend it, say how to open an empty store, and run it. */
public abstract class RelayStoreContract extends UsageStoreContract {
    @Test
    void anEmptyStoreHoldsNothing() {
        assertThat(store().healthy()).isTrue();
        assertThat(store().accounts().list()).isEmpty();
        assertThat(store().apiKeys().list()).isEmpty();
        assertThat(store().accounts().find("a")).isEmpty();
        assertThat(store().apiKeys().find("k")).isEmpty();
        assertThat(store().apiKeys().findByHash(Samples.hash("k"))).isEmpty();
        assertThat(store().usage().find("u")).isEmpty();
        assertThat(store().usage().ofExchange("x")).isEmpty();
        assertThat(store().usage().totals()).isEqualTo(UsageTotals.NONE);
        assertThat(store().usage().totalsOfKey("k")).isEqualTo(UsageTotals.NONE);
    }

    @Test
    void anAccountIsFoundAsItWasCreated() {
        for (int number = 0; number < 13; number++) {
            Account account = Samples.account("a" + number, number);
            store().accounts().create(account);
            assertThat(store().accounts().find("a" + number)).contains(account);
        }
        assertThat(store().accounts().find("a")).isEmpty();
    }

    @Test
    void aKeyIsFoundByIdAndByHash() {
        for (int number = 0; number < 13; number++) {
            ApiKey key = Samples.key("k" + number, number);
            store().apiKeys().create(key);
            assertThat(store().apiKeys().find(key.id())).contains(key);
            assertThat(store().apiKeys().findByHash(key.hash())).contains(key);
        }
        assertThat(store().apiKeys().find(Samples.hash("k0"))).isEmpty();
        assertThat(store().apiKeys().findByHash("k0")).isEmpty();
    }

    @Test
    void anIdIsTakenOnce() {
        Account first = Samples.account("a", 1);
        store().accounts().create(first);
        assertThatThrownBy(() -> store().accounts().create(Samples.account("a", 2)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(store().accounts().list()).containsExactly(first);

        ApiKey key = Samples.key("k", 1);
        store().apiKeys().create(key);
        ApiKey sameId = withHash(Samples.key("k", 2), Samples.hash("other"));
        assertThatThrownBy(() -> store().apiKeys().create(sameId)).isInstanceOf(IllegalStateException.class);
        assertThat(store().apiKeys().list()).containsExactly(key);
        assertThat(store().apiKeys().findByHash(Samples.hash("other"))).isEmpty();
    }

    @Test
    void aHashIsTakenOnce() {
        ApiKey key = Samples.key("k", 1);
        store().apiKeys().create(key);
        ApiKey sameHash = withHash(Samples.key("other", 2), key.hash());
        assertThatThrownBy(() -> store().apiKeys().create(sameHash)).isInstanceOf(IllegalStateException.class);
        assertThat(store().apiKeys().find("other")).isEmpty();
        assertThat(store().apiKeys().findByHash(key.hash())).contains(key);
    }

    @Test
    void oneOfManyThreadsGetsAnId() throws Exception {
        List<Boolean> made = together(8, thread -> {
            try {
                store().accounts().create(Samples.account("same", thread));
                return true;
            } catch (IllegalStateException e) {
                return false;
            }
        });
        assertThat(made).containsOnlyOnce(true);
        assertThat(store().accounts().list()).hasSize(1);
    }

    @Test
    void listsAreOldestFirst() {
        for (int number : new int[] {5, 1, 9, 3}) {
            store().accounts().create(Samples.account("a" + number, number));
            store().apiKeys().create(Samples.key("k" + number, number));
        }
        store().accounts().update("a3", account -> withPriority(account, 77));
        assertThat(store().accounts().list()).extracting(Account::id).containsExactly("a1", "a3", "a5", "a9");
        assertThat(store().apiKeys().list()).extracting(ApiKey::id).containsExactly("k1", "k3", "k5", "k9");
    }

    @Test
    void aListIsNotChangedByLaterChanges() {
        store().accounts().create(Samples.account("a", 1));
        List<Account> before = store().accounts().list();
        store().accounts().delete("a");
        assertThat(before).hasSize(1);
    }

    @Test
    void anUpdateIsSeenEverywhere() {
        store().accounts().create(Samples.account("a", 1));
        Account changed = new Account(
                "a",
                "New name",
                new ApiKeyCredential(Secret.of("another-secret")),
                Samples.account("a", 2).baseUrl(),
                99,
                true,
                Set.of("model-z"),
                Samples.START.plusSeconds(1));
        assertThat(store().accounts().update("a", old -> changed)).contains(changed);
        assertThat(store().accounts().find("a")).contains(changed);
        assertThat(store().accounts().list()).containsExactly(changed);

        ApiKey key = Samples.key("k", 1);
        store().apiKeys().create(key);
        assertThat(store().apiKeys().update("k", RelayStoreContract::enabled)).contains(enabled(key));
        assertThat(store().apiKeys().findByHash(key.hash())).contains(enabled(key));
        assertThat(store().apiKeys().list()).containsExactly(enabled(key));
    }

    @Test
    void anUpdateOfNothingChangesNothing() {
        assertThat(store().accounts().update("a", account -> {
                    throw new AssertionError("must not be called");
                }))
                .isEmpty();
        assertThat(store().apiKeys().update("k", UnaryOperator.identity())).isEmpty();
    }

    @Test
    void aFailingChangeChangesNothing() {
        Account account = Samples.account("a", 1);
        store().accounts().create(account);
        assertThatThrownBy(() -> store().accounts().update("a", old -> {
                    throw new IllegalArgumentException("refused");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("refused");
        assertThat(store().accounts().find("a")).contains(account);
        assertThat(store().healthy()).isTrue();
    }

    @Test
    void aChangeMustLeaveIdAndHash() {
        ApiKey key = Samples.key("k", 1);
        store().apiKeys().create(key);
        assertThatThrownBy(() -> store().apiKeys().update("k", old -> withHash(old, Samples.hash("x"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store().apiKeys().update("k", old -> withHash(Samples.key("k2", 1), key.hash())))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(store().apiKeys().list()).containsExactly(key);
        assertThat(store().apiKeys().findByHash(key.hash())).contains(key);
    }

    @Test
    void noUpdateIsLostUnderEightThreads() throws Exception {
        store().accounts().create(withPriority(Samples.account("a", 1), 1));
        together(8, thread -> {
            for (int round = 0; round < 200; round++) {
                store().accounts().update("a", old -> withPriority(old, old.priority() % 97 + 1));
            }
            return thread;
        });
        assertThat(store().accounts().find("a").orElseThrow().priority()).isEqualTo(1600 % 97 + 1);
    }

    @Test
    void aDeletedRecordIsGone() {
        store().accounts().create(Samples.account("a", 1));
        store().accounts().create(Samples.account("b", 2));
        assertThat(store().accounts().delete("a")).isTrue();
        assertThat(store().accounts().delete("a")).isFalse();
        assertThat(store().accounts().find("a")).isEmpty();
        assertThat(store().accounts().list()).extracting(Account::id).containsExactly("b");

        store().apiKeys().create(Samples.key("k", 1));
        assertThat(store().apiKeys().delete("k")).isTrue();
        assertThat(store().apiKeys().delete("k")).isFalse();
        assertThat(store().apiKeys().find("k")).isEmpty();
        assertThat(store().apiKeys().findByHash(Samples.hash("k"))).isEmpty();
        store().apiKeys().create(Samples.key("k", 1));
        assertThat(store().apiKeys().findByHash(Samples.hash("k"))).isPresent();
    }

    @Test
    void anInterruptedCallerHarmsNobody() {
        Thread.currentThread().interrupt();
        store().accounts().create(Samples.account("a", 1));
        Samples.book(store().usage(), Samples.row("u", "x", "k", 4));
        store().usage().flush();
        assertThat(store().usage().find("u")).isPresent();
        assertThat(Thread.interrupted()).as("the interrupt is still there").isTrue();
        store().accounts().create(Samples.account("b", 2));
        assertThat(store().healthy()).isTrue();
    }

    @Test
    void closingTwiceIsHarmless() {
        store().close();
        assertThat(store().healthy()).isFalse();
        store().close();
        assertThat(store().healthy()).isFalse();
    }

    private static Account withPriority(Account old, int priority) {
        return new Account(
                old.id(),
                old.name(),
                old.credential(),
                old.baseUrl(),
                priority,
                old.schedulable(),
                old.models(),
                old.createdAt(),
                old.routing(),
                old.proxy(),
                old.tls(),
                old.terms());
    }

    private static ApiKey withHash(ApiKey old, String hash) {
        return new ApiKey(
                old.id(),
                old.name(),
                hash,
                old.enabled(),
                old.limits(),
                old.createdAt(),
                old.expiresAt(),
                old.activation(),
                old.routing(),
                old.access());
    }

    private static ApiKey enabled(ApiKey old) {
        return new ApiKey(
                old.id(),
                old.name(),
                old.hash(),
                true,
                old.limits(),
                old.createdAt(),
                old.expiresAt(),
                old.activation(),
                old.routing(),
                old.access());
    }
}
