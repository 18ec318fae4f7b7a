package org.ccrelayer.internal.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.credential.CredentialCipher;
import org.ccrelayer.internal.credential.CredentialFormat;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.store.SecretCipher;
import org.ccrelayer.store.SecretPlace;
import org.ccrelayer.testkit.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Accounts whose credential the key does not open, beside others, and the formats in which credentials stand in the file. */
class UndecryptableAccountTest {
    private static final Secret KEY = Secret.of("a test's encryption key");

    @TempDir
    Path directory;

    private EmbeddedStore open(CredentialFormat format, boolean literal) {
        return EmbeddedStore.open(
                directory,
                new CredentialCipher(KEY, format, literal),
                StoreTime.utc(InstantSource.fixed(Samples.START)));
    }

    private EmbeddedStore open() {
        return open(CredentialFormat.GCM, false);
    }

    private static String stored(EmbeddedStore store, String id) {
        return JsonObject.parse(
                        store.file().<String>use(maps -> maps.of("accounts").get(id)))
                .string("apiKey")
                .orElseThrow();
    }

    private static void replaceStored(EmbeddedStore store, String id, String text) {
        store.file().use(maps -> {
            JsonObject json = JsonObject.parse(maps.of("accounts").get(id));
            return maps.of("accounts").put(id, json.with("apiKey", text).toString());
        });
        store.file().commit();
    }

    private static Account renamed(Account old, Secret apiKey) {
        return new Account(
                old.id(),
                "renamed",
                new ApiKeyCredential(apiKey),
                old.baseUrl(),
                old.priority(),
                old.schedulable(),
                old.models(),
                old.createdAt(),
                old.routing());
    }

    /** Two accounts, of which the second one's credential was sealed with a key that is lost. */
    private String lose() {
        SecretCipher lost = new CredentialCipher(Secret.of("a key that is lost"));
        String text = lost.seal(Secret.of("sk-test-lost"), SecretPlace.apiKey("account/a2/apiKey"));
        try (EmbeddedStore store = open()) {
            store.accounts().create(Samples.account("a1", 1));
            store.accounts().create(Samples.account("a2", 7));
            replaceStored(store, "a2", text);
        }
        return text;
    }

    @Test
    void itKeepsNoOtherFromBeingUsedAndIsKeptItself() {
        String text = lose();
        try (EmbeddedStore store = open()) {
            assertThat(store.accounts().find("a1")).contains(Samples.account("a1", 1));
            Account lost = store.accounts().find("a2").orElseThrow();
            assertThat(lost.hasReadableCredential()).isFalse();
            assertThat(lost.name()).isEqualTo(Samples.account("a2", 7).name());
            store.accounts().update("a2", old -> renamed(old, Samples.apiKey(old)));
            assertThat(stored(store, "a2")).isEqualTo(text);
        }
        try (EmbeddedStore store = open()) {
            assertThat(store.accounts().find("a2").orElseThrow().name()).isEqualTo("renamed");
            assertThat(stored(store, "a2")).isEqualTo(text);
        }
    }

    @Test
    void aNewCredentialMendsIt() {
        lose();
        try (EmbeddedStore store = open()) {
            store.accounts().update("a2", old -> renamed(old, Secret.of("sk-test-new")));
        }
        try (EmbeddedStore store = open()) {
            assertThat(Samples.apiKey(store.accounts().find("a2").orElseThrow()))
                    .isEqualTo(Secret.of("sk-test-new"));
        }
    }

    @Test
    void aPlainTextIsUsedOnRequestAndStaysOne() {
        lose();
        try (EmbeddedStore store = open()) {
            replaceStored(store, "a2", "sk-test-plain");
        }
        try (EmbeddedStore store = open()) {
            assertThat(store.accounts().find("a2").orElseThrow().hasReadableCredential())
                    .isFalse();
        }
        try (EmbeddedStore store = open(CredentialFormat.GCM, true)) {
            assertThat(Samples.apiKey(store.accounts().find("a2").orElseThrow()))
                    .isEqualTo(Secret.of("sk-test-plain"));
            store.accounts().update("a2", old -> renamed(old, Samples.apiKey(old)));
            assertThat(stored(store, "a2")).isEqualTo("sk-test-plain");
        }
    }

    @Test
    void theFileMayHoldBothFormats() {
        try (EmbeddedStore store = open(CredentialFormat.CBC, false)) {
            store.accounts().create(Samples.account("a1", 1));
            assertThat(stored(store, "a1")).matches("[0-9a-f]{32}:[0-9a-f]+");
        }
        try (EmbeddedStore store = open()) {
            store.accounts().create(Samples.account("a2", 7));
            assertThat(stored(store, "a2")).startsWith("v1.gcm:");
            assertThat(store.accounts().list()).containsExactly(Samples.account("a1", 1), Samples.account("a2", 7));
            store.accounts().update("a1", old -> renamed(old, Samples.apiKey(old)));
            assertThat(stored(store, "a1")).startsWith("v1.gcm:");
        }
    }
}
