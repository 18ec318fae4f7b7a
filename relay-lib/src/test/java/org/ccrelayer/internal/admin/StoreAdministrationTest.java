package org.ccrelayer.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountStatus;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.AccountChange;
import org.ccrelayer.admin.IssuedKey;
import org.ccrelayer.admin.KeyChange;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.admin.UsageReport;
import org.ccrelayer.apikey.Activation;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.RateLimit;
import org.ccrelayer.testkit.Samples;
import org.ccrelayer.usage.UsageSubject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Operating a relay from Java. */
class StoreAdministrationTest {
    private final AdminFixture fixture = new AdminFixture();
    private final StoreAdministration administration = fixture.administration;

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void anAccountGetsDefaults() {
        Account account = administration.createAccount(NewAccount.apiKey("first", null, Secret.of("k")));
        assertThat(account.priority()).isEqualTo(50);
        assertThat(account.baseUrl()).hasToString("https://api.anthropic.com");
        assertThat(account.createdAt()).isEqualTo(fixture.time.instant());
        assertThat(administration.accounts()).containsExactly(account);
    }

    @Test
    void what_was_created_can_be_found_by_its_id() {
        Account account = administration.createAccount(NewAccount.apiKey("first", Secret.of("k")));
        KeyLimits limits =
                KeyLimits.NONE.withBudgets(Budgets.daily(new BigDecimal("5.50")).withMode(BudgetMode.STRICT));
        IssuedKey issued = administration.createKey(NewKey.named("me").withLimits(limits));
        assertThat(administration.account(account.id())).contains(account);
        assertThat(administration.key(issued.key().id())).contains(issued.key());
        assertThat(issued.key().limits().budgets().dailyNanoUsd()).isEqualTo(5_500_000_000L);
        assertThat(issued.key().limits().strict()).isTrue();
        assertThat(administration.account("x")).isEmpty();
        assertThat(administration.key("x")).isEmpty();
    }

    @Test
    void a_budget_that_cannot_be_kept_exactly_is_refused() {
        assertThat(Budgets.total(new BigDecimal("0.000000001")).totalNanoUsd()).isEqualTo(1);
        assertThatThrownBy(() -> Budgets.daily(new BigDecimal("0.0000000001")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 9 decimals");
        assertThatThrownBy(() -> Budgets.total(new BigDecimal("-1"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyProblemOfAnAccountIsToldAtOnce() {
        NewAccount bad = new NewAccount(
                "", new ApiKeyCredential(Secret.of("a b")), "http://example.com", 0, true, Set.of("x\ny"));
        assertThatThrownBy(() -> administration.createAccount(bad))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name: must be 1 to 100 characters; baseUrl: must begin with https://;"
                        + " priority: must be 1 to 100;"
                        + " models: each must be 1 to 256 characters without control characters;"
                        + " apiKey: must be 1 to 4096 printable ASCII characters without spaces");
        assertThat(administration.accounts()).isEmpty();
    }

    @Test
    void aNameIsMeasuredInCharacters() {
        assertThat(administration
                        .createKey(NewKey.named("😀".repeat(100)))
                        .key()
                        .name())
                .hasSize(200);
        for (String name : new String[] {"", "   ", "x".repeat(101), "a\nb", "a\u0000", "a\u2028b"}) {
            assertThatThrownBy(() -> administration.createKey(NewKey.named(name)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("name: ");
        }
    }

    @Test
    void aCredentialIsPrintableAscii() {
        administration.createAccount(NewAccount.apiKey("n", null, Secret.of("!~".repeat(2048))));
        for (String credential : new String[] {"", "a b", "a\r\nb", "é", "\u007f", "x".repeat(4097)}) {
            assertThatThrownBy(() -> administration.createAccount(NewAccount.apiKey("n", null, Secret.of(credential))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("apiKey: must be 1 to 4096 printable ASCII characters without spaces");
        }
    }

    @Test
    void aBadChangeChangesNothing() {
        Account account = administration.createAccount(NewAccount.apiKey("first", null, Secret.of("k")));
        AccountChange bad = new AccountChange("new", null, null, 101, null, null);
        assertThatThrownBy(() -> administration.changeAccount(account.id(), bad))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("priority: must be 1 to 100");
        assertThat(administration.accounts()).containsExactly(account);
    }

    @Test
    void aChangeLeavesTheRest() {
        Account account = administration.createAccount(NewAccount.apiKey("first", null, Secret.of("k")));
        AccountChange change =
                new AccountChange(null, "https://example.com/", Secret.of("k2"), null, false, Set.of("m"));
        Account changed = administration.changeAccount(account.id(), change).orElseThrow();
        assertThat(changed.name()).isEqualTo("first");
        assertThat(changed.baseUrl()).hasToString("https://example.com");
        assertThat(changed.credential()).isEqualTo(new ApiKeyCredential(Secret.of("k2")));
        assertThat(changed.schedulable()).isFalse();
        assertThat(changed.models()).containsExactly("m");
        assertThat(administration.changeAccount("none", change)).isEmpty();
        assertThat(administration.toggleAccount(account.id()).orElseThrow().schedulable())
                .isTrue();
        assertThat(administration.toggleAccount("none")).isEmpty();
    }

    @Test
    void issuedKeysAreRandomAndFoundByTheirHash() {
        Set<String> keys = new HashSet<>();
        for (int round = 0; round < 50; round++) {
            IssuedKey issued = administration.createKey(NewKey.named("k"));
            assertThat(issued.secret().reveal()).matches("cr_[0-9a-f]{64}");
            assertThat(issued.toString()).doesNotContain(issued.secret().reveal());
            assertThat(fixture.store
                            .apiKeys()
                            .findByHash(fixture.keyHash.of(issued.secret().reveal())))
                    .contains(issued.key());
            keys.add(issued.secret().reveal());
        }
        assertThat(keys).hasSize(50);
    }

    @Test
    void thePrefixOfKeysIsConfigured() {
        StoreAdministration.Terms terms =
                new StoreAdministration.Terms("relay-", ZoneOffset.UTC, fixture.guard, fixture.keyRules);
        StoreAdministration other = new StoreAdministration(
                fixture.store, fixture.keyHash, fixture.time, terms, id -> AccountStatus.NEW, fixture.refreshing);
        assertThat(other.createKey(NewKey.named("k")).secret().reveal()).startsWith("relay-");
    }

    @Test
    void aKeyMustNotBeOverAlready() {
        Instant now = fixture.time.instant();
        assertThatThrownBy(() -> administration.createKey(new NewKey("k", KeyLimits.NONE, now, 0)))
                .hasMessage("expiresAt: must be later than now");
        assertThat(administration
                        .createKey(new NewKey("k", KeyLimits.NONE, now.plusNanos(1), 0))
                        .key()
                        .usableAt(now))
                .isTrue();
    }

    @Test
    void usageStaysWhenItsKeyIsDeleted() {
        String id = administration.createKey(NewKey.named("k")).key().id();
        Samples.book(fixture.store.usage(), Samples.row("u", "x", id, 4));
        assertThat(administration.deleteKey(id)).isTrue();
        assertThat(administration.deleteKey(id)).isFalse();
        assertThat(administration.keys()).isEmpty();
        assertThat(administration.usageOfKey(id).attempts()).isEqualTo(1);
        assertThat(administration.usage().attempts()).isEqualTo(1);
        assertThat(administration.enableKey(id, true)).isEmpty();
    }

    @Test
    void everyProblemOfAKeyIsToldAtOnce() {
        KeyLimits bad = new KeyLimits(
                100_001,
                new RateLimit(525_601, 1, 1_000_000_000_000_001L, Long.MAX_VALUE),
                new Budgets(
                        BudgetMode.STANDARD,
                        1_000_000_000_000_000_001L,
                        0,
                        new Budgets.Weekly(0, "nobody", 1, 0),
                        null),
                Set.of(""),
                Set.of());
        assertThatThrownBy(() -> administration.createKey(new NewKey("", bad, fixture.time.instant(), -1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name: must be 1 to 100 characters;"
                        + " concurrencyLimit: must be a whole number from 0 to 100000;"
                        + " rateLimitWindow: must be a whole number from 0 to 525600;"
                        + " rateLimitTokens: must be a whole number from 0 to 1000000000000000;"
                        + " rateLimitCost: must be an amount of US dollars from 0 to 1000000000 with at most 9 decimals;"
                        + " dailyCostLimit: must be an amount of US dollars from 0 to 1000000000 with at most 9 decimals;"
                        + " weeklyCostScope: must be all or a family of the price file in lower case: haiku, opus, sonnet;"
                        + " modelsAllowed: each must be 1 to 256 characters without control characters;"
                        + " expiresAt: must be later than now;"
                        + " activationDays: must be a whole number from 0 to 3650");
        assertThat(administration.keys()).isEmpty();
    }

    @Test
    void aKeyIsChangedAsAWholeOrNotAtAll() {
        ApiKey key = administration.createKey(NewKey.named("k")).key();
        KeyChange bad = new KeyChange("new", false, limits -> limits.withConcurrency(100_001), null, null);
        assertThatThrownBy(() -> administration.changeKey(key.id(), bad))
                .hasMessage("concurrencyLimit: must be a whole number from 0 to 100000");
        assertThat(administration.keys()).containsExactly(key);
        KeyChange good = KeyChange.ofLimits(limits -> limits.withConcurrency(limits.concurrency() + 5));
        administration.changeKey(key.id(), good);
        assertThat(administration.changeKey(key.id(), good).orElseThrow().limits())
                .isEqualTo(KeyLimits.NONE.withConcurrency(10));
        assertThat(administration.changeKey("none", good)).isEmpty();
    }

    @Test
    void aScopeOfAFamilyThatIsGoneStaysUntilItIsChanged() {
        KeyLimits limits = KeyLimits.NONE.withBudgets(
                new Budgets(BudgetMode.STANDARD, 0, 0, new Budgets.Weekly(1, "gone", 1, 0), null));
        ApiKey key = administration.createKey(NewKey.named("k")).key();
        fixture.store
                .apiKeys()
                .update(
                        key.id(),
                        old -> new ApiKey(
                                old.id(), "k", old.hash(), true, limits, old.createdAt(), null, old.activation()));
        assertThat(administration.enableKey(key.id(), false).orElseThrow().limits())
                .isEqualTo(limits);
    }

    @Test
    void anEndThatFollowedFromTheFirstUseMovesWithItsDays() {
        Instant firstUse = fixture.time.instant();
        String id = used(new NewKey("k", KeyLimits.NONE, null, 10), firstUse);
        assertThat(changed(id, days(10)).expiresAt()).isEqualTo(firstUse.plus(Duration.ofDays(10)));
        assertThat(changed(id, days(20)).expiresAt()).isEqualTo(firstUse.plus(Duration.ofDays(20)));
        ApiKey endless = changed(id, days(0));
        assertThat(endless.expiresAt()).isNull();
        assertThat(endless.activation()).isEqualTo(Activation.NONE);
        assertThat(changed(id, days(5)).activation().pending()).isTrue();
    }

    @Test
    void anEndThatWasSetStaysWhateverTheDays() {
        Instant firstUse = fixture.time.instant();
        Instant set = firstUse.plus(Duration.ofDays(5));
        String id = used(new NewKey("k", KeyLimits.NONE, set, 10), firstUse);
        assertThat(changed(id, days(20)).expiresAt()).isEqualTo(set);
        assertThat(changed(id, days(2)).expiresAt()).isEqualTo(firstUse.plus(Duration.ofDays(2)));
        assertThat(changed(id, new KeyChange(null, null, null, set, 30)).expiresAt())
                .isEqualTo(set);
        assertThat(changed(id, days(0)).expiresAt()).isEqualTo(set);
        assertThat(changed(id, new KeyChange(null, null, null, KeyChange.NEVER, null))
                        .expiresAt())
                .isNull();
    }

    @Test
    void usageIsReportedFromJava() {
        String id = administration.createKey(NewKey.named("k")).key().id();
        Samples.book(fixture.store.usage(), Samples.row("x-1", "x", id, 4));
        UsageReport report = administration.usageOf(UsageSubject.key(id)).orElseThrow();
        assertThat(report.totals()).isEqualTo(administration.usageOfKey(id));
        assertThat(report.hours()).containsOnlyKeys("2026-11-22:10");
        assertThat(report.days()).containsOnlyKeys("2026-11-22");
        assertThat(report.months()).containsOnlyKeys("2026-11");
        assertThat(report.models()).containsOnlyKeys("model-4");
        assertThat(report.limits().orElseThrow().use().totalNanoUsd())
                .isEqualTo(report.totals().countedNanoUsd());
        assertThat(administration.usageOf(UsageSubject.key("none"))).isEmpty();
        assertThat(administration.usageOf(UsageSubject.account("none"))).isEmpty();
        assertThat(administration
                        .usageOf(UsageSubject.account("account-4"))
                        .orElseThrow()
                        .totals())
                .isEqualTo(report.totals());
    }

    private String used(NewKey key, Instant at) {
        String id = administration.createKey(key).key().id();
        fixture.store.apiKeys().update(id, old -> old.activatedAt(at));
        return id;
    }

    private ApiKey changed(String id, KeyChange change) {
        return administration.changeKey(id, change).orElseThrow();
    }

    private static KeyChange days(int days) {
        return new KeyChange(null, null, null, null, days);
    }
}
