package org.ccrelayer.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountRouting;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.admin.AccountChange;
import org.ccrelayer.admin.KeyChange;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.KeyRouting;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Saying from Java which requests accounts take and where the requests of relay keys may go. */
class RoutingAdministrationTest {
    private static final AccountRouting ALL =
            new AccountRouting(Set.of("m"), Map.of("a", "b"), 2, 3, Set.of("g"), true, "w", true);

    private final AdminFixture fixture = new AdminFixture();
    private final StoreAdministration administration = fixture.administration;

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void anAccountIsRegisteredWithItsRouting() {
        assertThat(administration.createAccount(routed(ALL)).routing()).isEqualTo(ALL);
        assertThat(administration.accounts()).extracting(Account::routing).containsExactly(ALL);
        assertThat(account().routing()).isEqualTo(AccountRouting.DEFAULT);
    }

    @Test
    void everyPartOfAnAccountsRoutingIsChangedAlone() {
        String id = administration.createAccount(routed(ALL)).id();
        assertThat(routing(id, AccountChange.ofRouting(old -> old.withModels(Set.of(), Map.of("c", "d")))))
                .isEqualTo(new AccountRouting(Set.of(), Map.of("c", "d"), 2, 3, Set.of("g"), true, "w", true));
        assertThat(routing(id, AccountChange.ofRouting(old -> old.withConcurrency(old.concurrency() + 2))))
                .isEqualTo(new AccountRouting(Set.of(), Map.of("c", "d"), 4, 3, Set.of("g"), true, "w", true));
        assertThat(routing(id, AccountChange.ofRouting(old -> old.withWeight(5))))
                .isEqualTo(new AccountRouting(Set.of(), Map.of("c", "d"), 4, 5, Set.of("g"), true, "w", true));
        assertThat(routing(id, AccountChange.ofRouting(old -> old.withGroups(Set.of("h")))))
                .isEqualTo(new AccountRouting(Set.of(), Map.of("c", "d"), 4, 5, Set.of("h"), true, "w", true));
        assertThat(routing(id, AccountChange.ofRouting(old -> old.withDedicated(false))))
                .isEqualTo(new AccountRouting(Set.of(), Map.of("c", "d"), 4, 5, Set.of("h"), false, "w", true));
        assertThat(routing(id, AccountChange.ofRouting(old -> old.withWorkspace(null))))
                .isEqualTo(new AccountRouting(Set.of(), Map.of("c", "d"), 4, 5, Set.of("h"), false, null, true));
        assertThat(routing(id, AccountChange.ofRouting(old -> old.withAutoStopOnWarning(false))))
                .isEqualTo(new AccountRouting(Set.of(), Map.of("c", "d"), 4, 5, Set.of("h"), false, null, false));
        assertThat(administration.changeAccount("none", AccountChange.ofRouting(old -> old)))
                .isEmpty();
    }

    @Test
    void everyProblemOfAnAccountsRoutingIsToldAtOnce() {
        AccountRouting bad =
                new AccountRouting(Set.of(""), Map.of("a", ""), 100_001, 1, Set.of("a b"), false, "", false);
        String problems = "modelsDenied: each must be 1 to 256 characters without control characters;"
                + " modelMap: each model and each name must be 1 to 256 characters without control characters;"
                + " concurrencyLimit: must be a whole number from 0 to 100000;"
                + " groups: each must be 1 to 100 of the characters A-Z a-z 0-9 . _ -;"
                + " workspace: must be 1 to 100 of the characters A-Z a-z 0-9 . _ -";
        assertThatThrownBy(() -> administration.createAccount(routed(bad)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(problems);
        assertThat(administration.accounts()).isEmpty();
        Account kept = account();
        AccountChange change = new AccountChange("new", null, null, 0, null, null, old -> bad, null, null);
        assertThatThrownBy(() -> administration.changeAccount(kept.id(), change))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("priority: must be 1 to 100; " + problems);
        assertThat(administration.accounts()).containsExactly(kept);
    }

    @Test
    void aRoutingThatCannotBeMadeIsAProblemBesideTheOthers() {
        Account account = account();
        AccountChange change =
                new AccountChange("", null, null, null, null, null, old -> old.withWeight(101), null, null);
        assertThatThrownBy(() -> administration.changeAccount(account.id(), change))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name: must be 1 to 100 characters; weight: must be 1 to 100");
        assertThat(administration.accounts()).containsExactly(account);
    }

    @Test
    void aKeyIsIssuedWithItsRouting() {
        KeyRouting routing = new KeyRouting(account().id(), null, true, false);
        ApiKey key = administration.createKey(key(routing)).key();
        assertThat(key.routing()).isEqualTo(routing);
        assertThat(administration.keys()).containsExactly(key);
        assertThat(administration.createKey(NewKey.named("k")).key().routing()).isEqualTo(KeyRouting.ANY);
    }

    @Test
    void everyPartOfAKeysRoutingIsChangedAlone() {
        String account = account().id();
        String id = administration.createKey(NewKey.named("k")).key().id();
        assertThat(routing(id, KeyChange.ofRouting(old -> old.withMayLeave(true))))
                .isEqualTo(new KeyRouting(null, null, true, true));
        assertThat(routing(id, KeyChange.ofRouting(old -> old.withContentAffinity(false))))
                .isEqualTo(new KeyRouting(null, null, true, false));
        assertThat(routing(id, KeyChange.ofRouting(old -> old.toAccount(account))))
                .isEqualTo(new KeyRouting(account, null, true, false));
        assertThat(routing(id, KeyChange.ofRouting(old -> old.toGroup("g"))))
                .isEqualTo(new KeyRouting(null, "g", true, false));
        assertThat(routing(id, KeyChange.ofLimits(old -> old.withConcurrency(1))))
                .isEqualTo(new KeyRouting(null, "g", true, false));
        assertThat(routing(id, KeyChange.ofRouting(KeyRouting::toAny)))
                .isEqualTo(new KeyRouting(null, null, true, false));
        assertThat(administration.changeKey("none", KeyChange.ofRouting(old -> old)))
                .isEmpty();
    }

    @Test
    void aKeyIsBoundOnlyToWhatCanBe() {
        String unknown = "boundAccount: must be the id of an account; GET /admin/accounts lists all";
        String badGroup = "boundGroup: must be 1 to 100 of the characters A-Z a-z 0-9 . _ -";
        assertThatThrownBy(() -> administration.createKey(key(KeyRouting.ANY.toAccount("none"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(unknown);
        assertThatThrownBy(() -> administration.createKey(key(KeyRouting.ANY.toGroup(""))))
                .hasMessage(badGroup);
        assertThat(administration.keys()).isEmpty();
        ApiKey key = administration.createKey(NewKey.named("k")).key();
        KeyChange change = new KeyChange("", null, null, null, -1, old -> old.toAccount("none"));
        assertThatThrownBy(() -> administration.changeKey(key.id(), change))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name: must be 1 to 100 characters;"
                        + " activationDays: must be a whole number from 0 to 3650; " + unknown);
        assertThatThrownBy(() -> administration.changeKey(key.id(), KeyChange.ofRouting(old -> old.toGroup("a b"))))
                .hasMessage(badGroup);
        assertThatThrownBy(() -> administration.changeKey(
                        key.id(), KeyChange.ofRouting(old -> new KeyRouting("a", "g", false, true))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a key is bound to an account or to a group, not to both");
        assertThat(administration.keys()).containsExactly(key);
    }

    private Account account() {
        return administration.createAccount(NewAccount.apiKey("plain", null, Secret.of("k")));
    }

    private AccountRouting routing(String id, AccountChange change) {
        return administration.changeAccount(id, change).orElseThrow().routing();
    }

    private KeyRouting routing(String id, KeyChange change) {
        return administration.changeKey(id, change).orElseThrow().routing();
    }

    private static NewAccount routed(AccountRouting routing) {
        return new NewAccount(
                "a",
                new ApiKeyCredential(Secret.of("k")),
                null,
                null,
                true,
                Set.of(),
                routing,
                EgressProxy.DIRECT,
                TlsPolicy.DEFAULT);
    }

    private static NewKey key(KeyRouting routing) {
        return new NewKey("k", KeyLimits.NONE, null, 0, routing);
    }
}
