package org.ccrelayer.internal.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.KeyRotation;
import org.ccrelayer.RelayConfig;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.OAuthCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.StoredToken;
import org.ccrelayer.account.TokenOrigin;
import org.ccrelayer.internal.credential.CredentialCipher;
import org.ccrelayer.internal.credential.CredentialFormat;
import org.ccrelayer.internal.crypto.KeyHash;
import org.ccrelayer.testkit.Samples;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of secret in every format: credentials, tokens, proxies' passwords, certificates and keys. */
class RotatedSecretsTest {
    private static final String OLD = "the-old-key-0123456789-abcdefghijklmnop";
    private static final String NEW = "the-new-key-0123456789-abcdefghijklmnop";
    private static final int ACCOUNTS = 12;

    @TempDir
    Path directory;

    private EmbeddedStore open(String key, CredentialFormat format) {
        return EmbeddedStore.open(
                directory,
                new CredentialCipher(Secret.of(key), format, false),
                new KeyHash(Secret.of(OLD)).mark(),
                StoreTime.utc(InstantSource.fixed(Samples.START)));
    }

    /** The sample with that number; a refresh token may have spaces (RFC 6749 appendix A.17). */
    private static Account account(int number) {
        Account account = Samples.account("a" + number, number);
        if (!(account.credential() instanceof OAuthCredential known) || known.refreshToken() == null) {
            return account;
        }
        OAuthCredential credential = new OAuthCredential(
                known.tokenUrl(), known.clientId(), Secret.of("pass word"), Secret.of("refresh token"), known.scope());
        return new Account(
                account.id(),
                account.name(),
                credential,
                account.baseUrl(),
                account.priority(),
                account.schedulable(),
                account.models(),
                account.createdAt(),
                account.routing(),
                account.proxy(),
                account.tls());
    }

    private static StoredToken token(Account account) {
        return new StoredToken(
                account.id(),
                TokenOrigin.of(account),
                new StoredToken.Access(Secret.of("access-secret"), Samples.START.plusSeconds(9), Samples.START),
                Secret.of("rotated token"),
                null,
                null);
    }

    private static List<Account> accounts() {
        List<Account> accounts = new ArrayList<>();
        for (int number = 0; number < ACCOUNTS; number++) {
            accounts.add(account(number));
        }
        return accounts;
    }

    private void assertAllReadable(String key, CredentialFormat format) {
        try (EmbeddedStore store = open(key, format)) {
            assertThat(store.accounts().list()).containsExactlyElementsOf(accounts());
            for (Account account : accounts()) {
                assertThat(store.tokens().find(account.id())).contains(token(account));
            }
        }
    }

    private RelayConfig config(CredentialFormat format) {
        return RelayConfig.builder()
                .set(ConfigKey.DATA_DIR, directory.toString())
                .set(ConfigKey.CREDENTIAL_FORMAT, format == CredentialFormat.CBC ? "cbc" : "gcm")
                .set(ConfigKey.OLD_ENCRYPTION_KEY, OLD)
                .set(ConfigKey.ENCRYPTION_KEY, NEW)
                .set(ConfigKey.API_KEY_PEPPER, OLD)
                .build();
    }

    @ParameterizedTest
    @EnumSource
    void everySecretComesBackAndOutlivesTheKeyItWasSealedWith(CredentialFormat format) {
        try (EmbeddedStore store = open(OLD, format)) {
            for (Account account : accounts()) {
                store.accounts().create(account);
                store.tokens().update(account.id(), none -> Optional.of(token(account)));
            }
        }
        assertAllReadable(OLD, format);
        assertThat(KeyRotation.of(config(format)).run(name -> {}).undecryptable())
                .isEmpty();
        assertAllReadable(NEW, format);
    }
}
