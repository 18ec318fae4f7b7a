package org.ccrelayer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.internal.credential.CredentialCipher;
import org.ccrelayer.internal.store.embedded.EmbeddedStore;
import org.ccrelayer.internal.store.embedded.StoreTime;
import org.ccrelayer.store.Resealed;
import org.ccrelayer.testkit.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store whose secrets are sealed with a new key, and what that leaves of its relay keys. */
class KeyRotationTest {
    private static final String OLD = "the-old-key-0123456789-abcdefghijklmnop";
    private static final String NEW = "the-new-key-0123456789-abcdefghijklmnop";
    private static final String THIRD = "a-third-key-0123456789-abcdefghijklmnop";
    private static final int ACCOUNTS = 5;

    @TempDir
    Path directory;

    private RelayConfig config(Map<ConfigKey, String> settings) {
        RelayConfigBuilder builder = RelayConfig.builder().set(ConfigKey.DATA_DIR, directory.toString());
        settings.forEach(builder::set);
        return builder.build();
    }

    private RelayConfig config(String key, String pepper) {
        return config(Map.of(ConfigKey.ENCRYPTION_KEY, key, ConfigKey.API_KEY_PEPPER, pepper));
    }

    private KeyRotation rotation(String from, String to, String pepper) {
        return KeyRotation.of(config(Map.of(
                ConfigKey.OLD_ENCRYPTION_KEY, from, ConfigKey.ENCRYPTION_KEY, to, ConfigKey.API_KEY_PEPPER, pepper)));
    }

    private static Resealed run(KeyRotation rotation) {
        return rotation.run(name -> {});
    }

    /** A store with accounts and a relay key, written with the old key. */
    private void fill() {
        try (Relay relay = Relay.start(config(OLD, ""))) {
            for (int number = 0; number < ACCOUNTS; number++) {
                relay.administration()
                        .createAccount(NewAccount.apiKey("a" + number, null, Secret.of("sk-test-" + number)));
            }
            relay.administration().createKey(NewKey.named("me"));
        }
    }

    /** The credentials by the accounts' names, as a relay with those keys reads them. */
    private Map<String, String> credentials(String key, String pepper) {
        Map<String, String> found = new TreeMap<>();
        try (Relay relay = Relay.start(config(key, pepper))) {
            for (Account account : relay.administration().accounts()) {
                found.put(
                        account.name(),
                        account.hasReadableCredential()
                                ? Samples.apiKey(account).reveal()
                                : "unreadable");
            }
            assertThat(relay.administration().keys()).hasSize(1);
        }
        return found;
    }

    private void assertAllReadable(String key, String pepper) {
        Map<String, String> found = credentials(key, pepper);
        assertThat(found).hasSize(ACCOUNTS);
        found.forEach((name, credential) -> assertThat(credential).isEqualTo("sk-test-" + name.substring(1)));
    }

    @Test
    void everythingIsReadableWithTheNewKeyAndNothingWithTheOldOne() {
        fill();
        assertThat(run(rotation(OLD, NEW, OLD))).isEqualTo(new Resealed(ACCOUNTS, 0, List.of()));
        assertAllReadable(NEW, OLD);
        assertThatThrownBy(() -> Relay.start(config(OLD, OLD))).hasMessageContaining("another ENCRYPTION_KEY");
        assertThat(run(rotation(OLD, NEW, OLD))).as("once more").isEqualTo(new Resealed(0, ACCOUNTS, List.of()));
    }

    @Test
    void aDryRunTellsAndChangesNothing() {
        fill();
        assertThat(rotation(OLD, NEW, OLD).dryRun()).isEqualTo(new Resealed(ACCOUNTS, 0, List.of()));
        assertAllReadable(OLD, "");
        run(rotation(OLD, NEW, OLD));
        assertThat(rotation(OLD, NEW, OLD).dryRun()).isEqualTo(new Resealed(0, ACCOUNTS, List.of()));
    }

    @Test
    void whatWasBrokenOffIsFinishedAndMeanwhileNoRelayStarts() {
        fill();
        breakOff(2);
        for (String key : List.of(OLD, NEW)) {
            assertThatThrownBy(() -> Relay.start(config(key, OLD)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("rotate-encryption-key");
        }
        assertThat(rotation(OLD, NEW, OLD).dryRun()).isEqualTo(new Resealed(3, 2, List.of()));
        assertThat(run(rotation(OLD, NEW, OLD))).isEqualTo(new Resealed(3, 2, List.of()));
        assertAllReadable(NEW, OLD);
    }

    private void breakOff(int records) {
        List<String> done = new ArrayList<>();
        assertThatThrownBy(() -> rotation(OLD, NEW, OLD).run(name -> {
                    done.add(name);
                    if (done.size() == records) {
                        throw new CancellationException();
                    }
                }))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void whatWasBrokenOffCanBeTakenBackButNotMixedWithAThirdKey() {
        fill();
        breakOff(2);
        assertThatThrownBy(() -> run(rotation(OLD, THIRD, OLD)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Finish that with the keys it was begun with");
        assertThat(run(rotation(NEW, OLD, OLD))).isEqualTo(new Resealed(2, 3, List.of()));
        assertAllReadable(OLD, OLD);
    }

    @Test
    void aWrongOldKeyChangesNothing() {
        fill();
        for (KeyRotation wrong : List.of(rotation(THIRD, NEW, OLD), rotation(THIRD, NEW, THIRD))) {
            assertThatThrownBy(() -> run(wrong)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(wrong::dryRun)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("neither OLD_ENCRYPTION_KEY nor ENCRYPTION_KEY")
                    .hasMessageNotContaining(THIRD);
        }
        assertAllReadable(OLD, "");
    }

    @Test
    void theNextRotationKeepsTheFirstPepper() {
        fill();
        run(rotation(OLD, NEW, OLD));
        assertThatThrownBy(() -> run(rotation(NEW, THIRD, NEW)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("API_KEY_PEPPER");
        assertAllReadable(NEW, OLD);
        run(rotation(NEW, THIRD, OLD));
        assertAllReadable(THIRD, OLD);
    }

    @Test
    void withoutThePepperNoRotationBegins() {
        assertThatThrownBy(() -> rotation(OLD, NEW, ""))
                .isInstanceOf(RelayConfigException.class)
                .hasMessageContaining("API_KEY_PEPPER): is required")
                .hasMessageNotContaining(OLD);
        assertThatThrownBy(() -> rotation("", NEW, OLD)).hasMessageContaining("OLD_ENCRYPTION_KEY): is required");
        assertThatThrownBy(() -> rotation(NEW, NEW, OLD)).hasMessageContaining("is the same as ENCRYPTION_KEY");
    }

    @Test
    void withoutAFolderNoRotationBegins() {
        RelayConfig config = RelayConfig.builder()
                .set(ConfigKey.OLD_ENCRYPTION_KEY, OLD)
                .set(ConfigKey.ENCRYPTION_KEY, NEW)
                .set(ConfigKey.API_KEY_PEPPER, OLD)
                .build();
        assertThatThrownBy(() -> KeyRotation.of(config))
                .isInstanceOf(RelayConfigException.class)
                .hasMessageContaining("data-dir (DATA_DIR): is required");
    }

    @Test
    void aRelayThatForgotThePepperDoesNotStart() {
        fill();
        run(rotation(OLD, NEW, OLD));
        assertThatThrownBy(() -> Relay.start(config(NEW, "")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Set API_KEY_PEPPER")
                .hasMessageNotContaining(NEW);
        assertAllReadable(NEW, OLD);
    }

    @Test
    void aStoreWithoutRelayKeysTakesAnyPepper() {
        Relay.start(config(OLD, "")).close();
        Relay.start(config(OLD, "another-pepper")).close();
        run(rotation(OLD, NEW, "a-third-pepper"));
        Relay.start(config(NEW, "another-pepper")).close();
    }

    @Test
    void aStoreThatKnowsNoPepperYetIsTakenToHaveTheOldKey() {
        try (EmbeddedStore store = EmbeddedStore.open(
                directory, new CredentialCipher(Secret.of(OLD)), StoreTime.utc(InstantSource.fixed(Samples.START)))) {
            store.apiKeys().create(Samples.key("k", 1));
            for (int number = 0; number < ACCOUNTS; number++) {
                store.accounts().create(Samples.account("a" + number, number));
            }
        }
        assertThatThrownBy(() -> run(rotation(OLD, NEW, THIRD))).hasMessageContaining("API_KEY_PEPPER");
        assertThat(run(rotation(OLD, NEW, OLD)).changed()).isEqualTo(ACCOUNTS);
        assertThatThrownBy(() -> Relay.start(config(NEW, ""))).hasMessageContaining("API_KEY_PEPPER");
        Relay.start(config(NEW, OLD)).close();
    }

    @Test
    void aStoreThatIsOpenOrMissingIsRefused() {
        assertThatThrownBy(() -> run(rotation(OLD, NEW, OLD)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("There is no store in " + directory);
        assertThat(directory).isEmptyDirectory();
        fill();
        try (Relay relay = Relay.start(config(OLD, ""))) {
            assertThatThrownBy(() -> run(rotation(OLD, NEW, OLD)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("in use");
            assertThat(relay.administration().accounts()).hasSize(ACCOUNTS);
        }
    }

    @Test
    void whatNeitherKeyOpensIsNamedAndStays() {
        fill();
        String id;
        Secret lost = Secret.undecryptable("1f:of-some-other-key");
        try (EmbeddedStore store = EmbeddedStore.open(
                directory, new CredentialCipher(Secret.of(OLD)), StoreTime.utc(InstantSource.fixed(Samples.START)))) {
            Account some = store.accounts().list().get(2);
            id = some.id();
            store.accounts()
                    .update(
                            id,
                            old -> new Account(
                                    id,
                                    old.name(),
                                    new ApiKeyCredential(lost),
                                    old.baseUrl(),
                                    old.priority(),
                                    old.schedulable(),
                                    old.models(),
                                    old.createdAt()));
        }
        assertThat(run(rotation(OLD, NEW, OLD))).isEqualTo(new Resealed(ACCOUNTS - 1, 0, List.of("accounts/" + id)));
        assertThat(credentials(NEW, OLD)).containsEntry("a2", "unreadable").containsEntry("a3", "sk-test-3");
        try (Relay relay = Relay.start(config(NEW, OLD))) {
            assertThat(relay.administration().accounts())
                    .anyMatch(account -> Samples.apiKey(account).equals(lost));
        }
    }
}
