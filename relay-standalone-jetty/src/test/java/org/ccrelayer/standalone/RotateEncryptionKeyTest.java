package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.Relay;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.internal.credential.CredentialCipher;
import org.ccrelayer.internal.store.embedded.EmbeddedStore;
import org.ccrelayer.internal.store.embedded.StoreTime;
import org.ccrelayer.testkit.RelayFixture;
import org.ccrelayer.testkit.Samples;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command that seals secrets with a new key, as an operator gives it. */
class RotateEncryptionKeyTest {
    private static final String NEW = "another-encryption-key-0123456789abcdef";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void fill() {
        try (Relay relay = start(RelayFixture.ENCRYPTION_KEY, "")) {
            relay.administration().createAccount(NewAccount.apiKey("one", null, Secret.of("sk-test-1")));
            relay.administration().createAccount(NewAccount.apiKey("two", null, Secret.of("sk-test-2")));
            relay.administration().createKey(NewKey.named("me"));
        }
    }

    private Relay start(String key, String pepper) {
        return Relay.start(RelayFixture.config(Map.of(
                ConfigKey.DATA_DIR,
                folder.resolve("data").toString(),
                ConfigKey.ENCRYPTION_KEY,
                key,
                ConfigKey.API_KEY_PEPPER,
                pepper)));
    }

    /** The exit status of the command with the settings that are told and those lines of a file. */
    private int rotate(List<String> settings, String... arguments) throws Exception {
        List<String> lines = new ArrayList<>(List.of("data-dir=" + folder.resolve("data"), "encryption-key=" + NEW));
        lines.addAll(settings);
        Path file = Files.write(folder.resolve("rotation.properties"), lines);
        List<String> command = new ArrayList<>(List.of("rotate-encryption-key", "--config", file.toString()));
        command.addAll(List.of(arguments));
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return new CommandLine(new Main())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(command.toArray(String[]::new));
    }

    private List<String> complete() {
        return List.of(
                "old-encryption-key=" + RelayFixture.ENCRYPTION_KEY, "api-key-pepper=" + RelayFixture.ENCRYPTION_KEY);
    }

    @Test
    void it_counts_before_and_afterwards_and_needs_nothing_of_the_administration() throws Exception {
        assertThat(rotate(complete(), "--dry-run")).isZero();
        assertThat(out.toString())
                .contains("to be sealed with the new key: 2\n", "sealed with it before: 0\n", "Nothing was changed.");
        start(RelayFixture.ENCRYPTION_KEY, "").close();
        assertThat(rotate(complete())).isZero();
        assertThat(out.toString()).contains("\nsealed with it before: 0\n").startsWith("sealed with the new key: 2\n");
        assertThat(rotate(complete())).isZero();
        assertThat(out.toString()).contains("\nsealed with it before: 2\n").startsWith("sealed with the new key: 0\n");
        try (Relay relay = start(NEW, RelayFixture.ENCRYPTION_KEY)) {
            assertThat(relay.administration().accounts())
                    .extracting(account -> Samples.apiKey(account).reveal())
                    .containsExactlyInAnyOrder("sk-test-1", "sk-test-2");
        }
        assertThat(out + err.toString()).doesNotContain(NEW, RelayFixture.ENCRYPTION_KEY, "sk-test");
    }

    @Test
    void what_neither_key_opens_is_named_and_shows_in_the_status() throws Exception {
        addUndecryptable("lost");
        assertThat(rotate(complete(), "-n")).isEqualTo(3);
        assertThat(rotate(complete())).isEqualTo(3);
        assertThat(out.toString()).contains("left as they are: 1\n  accounts/lost\n");
    }

    private void addUndecryptable(String id) {
        CredentialCipher cipher = new CredentialCipher(Secret.of(RelayFixture.ENCRYPTION_KEY));
        StoreTime time = StoreTime.utc(InstantSource.fixed(Samples.START));
        try (EmbeddedStore store = EmbeddedStore.open(folder.resolve("data"), cipher, time)) {
            store.accounts()
                    .create(new Account(
                            id,
                            id,
                            new ApiKeyCredential(Secret.undecryptable("sealed-elsewhere")),
                            URI.create("https://upstream.example"),
                            50,
                            true,
                            Set.of(),
                            Samples.START));
        }
    }

    @Test
    void missing_secrets_are_all_told_and_end_with_the_status_of_bad_settings() throws Exception {
        assertThat(rotate(List.of())).isEqualTo(2);
        assertThat(err.toString()).contains("OLD_ENCRYPTION_KEY): is required", "API_KEY_PEPPER): is required");
        start(RelayFixture.ENCRYPTION_KEY, "").close();
    }

    @Test
    void secrets_are_not_taken_from_the_command_line() throws Exception {
        for (String name : List.of("old-encryption-key", "OLD_ENCRYPTION_KEY", "relay.encryption-key")) {
            assertThat(rotate(complete(), "--set", name + "=" + NEW)).isEqualTo(2);
            assertThat(err.toString())
                    .contains(name + ": others can read the command line")
                    .doesNotContain(NEW);
        }
    }

    @Test
    void a_store_in_use_ends_with_the_status_of_a_store_that_cannot_be_used() throws Exception {
        try (Relay relay = start(RelayFixture.ENCRYPTION_KEY, "")) {
            assertThat(rotate(complete())).isEqualTo(1);
            assertThat(err.toString()).contains("in use");
            assertThat(relay.administration().accounts()).hasSize(2);
        }
    }
}
