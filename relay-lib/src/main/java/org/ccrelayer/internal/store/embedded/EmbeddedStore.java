package org.ccrelayer.internal.store.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountStore;
import org.ccrelayer.account.Secret;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.ApiKeyStore;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.store.RelayStore;
import org.ccrelayer.store.SecretCipher;
import org.ccrelayer.usage.UsageStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The relay's store in one local file, for one process at a time. Accounts and relay keys are on disk when a change
 * returns and are read from memory. Ledger rows are on disk within a tenth of a second and read from disk. Everything
 * that was acknowledged survives the end of the process at any moment. Safe for concurrent use.
 *
 * <p>When the file fails, as on a full disk, changes throw a {@link RelayException}, {@link #healthy} is false and the file
 * is opened again at its last commit until it works.
 */
public final class EmbeddedStore implements RelayStore {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedStore.class);

    private final StoreThread thread;
    private static final Duration RETRY_DELAY = Duration.ofSeconds(1);

    private final StoreFile file;
    private final EmbeddedAccounts accounts;
    private final EmbeddedApiKeys apiKeys;
    private final EmbeddedUsage usage;
    private final AtomicBoolean closed = new AtomicBoolean();

    // Touched by the store's thread alone.
    private boolean trying;

    private EmbeddedStore(StoreThread thread, StoreFile file, SecretCipher cipher) {
        this.thread = thread;
        this.file = file;
        Table<Account> accountTable = new Table<>("accounts", new AccountFormat(cipher), file, thread);
        Table<ApiKey> keyTable = new Table<>("apiKeys", new ApiKeyFormat(), file, thread);
        accountTable.load();
        keyTable.load();
        this.accounts = new EmbeddedAccounts(accountTable);
        this.apiKeys = new EmbeddedApiKeys(keyTable);
        this.usage = new EmbeddedUsage(file, thread);
        file.whenFailed(this::tryAgainLater);
    }

    /** A store that failed is tried until it works, whether or not anybody uses it meanwhile. */
    private void tryAgainLater() {
        if (!trying && !closed.get()) {
            trying = thread.later(RETRY_DELAY, this::tryAgain);
        }
    }

    private void tryAgain() {
        trying = false;
        try {
            file.commit();
        } catch (RelayException e) {
            LOG.debug("The store {} still fails.", file.name(), e);
        }
    }

    /**
     * Opens the store in {@code relay.mv} of that directory; both are created where they are missing, for their owner
     * alone.
     *
     * @throws IllegalStateException if the file is in use, was written with another key, or cannot be used
     */
    public static EmbeddedStore open(Path directory, SecretCipher cipher) {
        return open(() -> StoreFile.in(directory), cipher);
    }

    /** A store without a file, empty at first and gone when it is closed. */
    public static EmbeddedStore inMemory() {
        return open(StoreFile::inMemory, new NoCipher());
    }

    private static EmbeddedStore open(Supplier<StoreFile> source, SecretCipher cipher) {
        StoreThread thread = new StoreThread();
        try {
            return thread.call(() -> {
                StoreFile file = source.get();
                try {
                    StoreStamp.check(file, cipher);
                    return new EmbeddedStore(thread, file, cipher);
                } catch (RuntimeException | Error e) {
                    file.close();
                    throw e;
                }
            });
        } catch (RuntimeException | Error e) {
            thread.end();
            throw e;
        }
    }

    @Override
    public AccountStore accounts() {
        return accounts;
    }

    @Override
    public ApiKeyStore apiKeys() {
        return apiKeys;
    }

    @Override
    public UsageStore usage() {
        return usage;
    }

    @Override
    public boolean healthy() {
        return file.healthy() && !closed.get();
    }

    /** The file, for tests that break it. */
    StoreFile file() {
        return file;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            thread.submit(this::letGo);
        }
        thread.end();
    }

    private void letGo() {
        try {
            usage.writeLast();
        } catch (RelayException e) {
            LOG.error("The store {} could not be written; {} ledger rows are lost.", file.name(), usage.unsaved(), e);
        }
        try {
            file.close();
        } catch (RuntimeException e) {
            LOG.error("The store {} could not be closed properly.", file.name(), e);
        }
    }

    /** Leaves secrets as they are: nothing is written anywhere. */
    private static final class NoCipher implements SecretCipher {
        @Override
        public String seal(Secret secret, String context) {
            return secret.reveal();
        }

        @Override
        public Secret open(String sealed, String context) {
            return Secret.of(sealed);
        }
    }
}
