package org.ccrelayer.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountKind;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.AccountChange;
import org.ccrelayer.admin.IssuedKey;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.testkit.Samples;
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
    void everyProblemOfAnAccountIsToldAtOnce() {
        NewAccount bad = new NewAccount(
                "", AccountKind.API_KEY, "http://example.com", Secret.of("a b"), 0, true, Set.of("x\ny"));
        assertThatThrownBy(() -> administration.createAccount(bad))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name: must be 1 to 100 characters; baseUrl: must begin with https://;"
                        + " apiKey: must be 1 to 4096 printable ASCII characters without spaces;"
                        + " priority: must be 1 to 100;"
                        + " models: each must be 1 to 256 characters without control characters");
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
        assertThat(changed.apiKey()).isEqualTo(Secret.of("k2"));
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
        StoreAdministration other =
                new StoreAdministration(fixture.store, fixture.keyHash, "relay-", fixture.time, fixture.guard);
        assertThat(other.createKey(NewKey.named("k")).secret().reveal()).startsWith("relay-");
    }

    @Test
    void aKeyMustNotBeOverAlready() {
        Instant now = fixture.time.instant();
        assertThatThrownBy(() -> administration.createKey(new NewKey("k", Set.of(), now)))
                .hasMessage("expiresAt: must be later than now");
        assertThat(administration
                        .createKey(new NewKey("k", Set.of(), now.plusNanos(1)))
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
}
