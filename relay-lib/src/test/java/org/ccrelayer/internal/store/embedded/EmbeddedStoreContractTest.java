package org.ccrelayer.internal.store.embedded;

import java.nio.file.Path;
import java.time.InstantSource;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.credential.CredentialCipher;
import org.ccrelayer.store.RelayStore;
import org.ccrelayer.testkit.CountedMoneyContract;
import org.ccrelayer.testkit.LimitStoreContract;
import org.ccrelayer.testkit.RelayStoreContract;
import org.ccrelayer.testkit.Samples;
import org.ccrelayer.testkit.TokenStoreContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The store's contract, with a file and without. */
class EmbeddedStoreContractTest {
    @Nested
    class WithAFile extends RelayStoreContract {
        @TempDir
        Path directory;

        @Override
        protected RelayStore openEmpty() {
            return EmbeddedStore.open(
                    directory,
                    new CredentialCipher(Secret.of("a test's encryption key")),
                    StoreTime.utc(InstantSource.fixed(Samples.START)));
        }
    }

    @Nested
    class InMemory extends RelayStoreContract {
        @Override
        protected RelayStore openEmpty() {
            return EmbeddedStore.inMemory(StoreTime.utc(InstantSource.fixed(Samples.START)));
        }
    }

    @Nested
    class LimitsWithAFile extends LimitStoreContract {
        @TempDir
        Path directory;

        @Override
        protected RelayStore openEmpty(InstantSource time) {
            return EmbeddedStore.open(
                    directory, new CredentialCipher(Secret.of("a test's encryption key")), StoreTime.utc(time));
        }
    }

    @Nested
    class LimitsInMemory extends LimitStoreContract {
        @Override
        protected RelayStore openEmpty(InstantSource time) {
            return EmbeddedStore.inMemory(StoreTime.utc(time));
        }
    }

    @Nested
    class MoneyWithAFile extends CountedMoneyContract {
        @TempDir
        Path directory;

        @Override
        protected RelayStore openEmpty(InstantSource time) {
            return EmbeddedStore.open(
                    directory, new CredentialCipher(Secret.of("a test's encryption key")), StoreTime.utc(time));
        }
    }

    @Nested
    class TokensWithAFile extends TokenStoreContract {
        @TempDir
        Path directory;

        @Override
        protected RelayStore openEmpty(InstantSource time) {
            return EmbeddedStore.open(
                    directory, new CredentialCipher(Secret.of("a test's encryption key")), StoreTime.utc(time));
        }
    }

    @Nested
    class TokensInMemory extends TokenStoreContract {
        @Override
        protected RelayStore openEmpty(InstantSource time) {
            return EmbeddedStore.inMemory(StoreTime.utc(time));
        }
    }
}
