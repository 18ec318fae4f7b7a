package org.ccrelayer.internal.store.embedded;

import java.nio.file.Path;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.credential.CredentialCipher;
import org.ccrelayer.store.RelayStore;
import org.ccrelayer.testkit.RelayStoreContract;
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
            return EmbeddedStore.open(directory, new CredentialCipher(Secret.of("a test's encryption key")));
        }
    }

    @Nested
    class InMemory extends RelayStoreContract {
        @Override
        protected RelayStore openEmpty() {
            return EmbeddedStore.inMemory();
        }
    }
}
