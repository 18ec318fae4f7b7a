package org.ccrelayer.internal.store.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountStore;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.StoredToken;
import org.ccrelayer.account.TokenStore;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.ApiKeyStore;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.limit.LimitStore;
import org.ccrelayer.ownership.ObjectStore;
import org.ccrelayer.session.SessionStore;
import org.ccrelayer.store.RelayStore;
import org.ccrelayer.store.SecretCipher;
import org.ccrelayer.store.SecretPlace;
import org.ccrelayer.usage.UsageStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The relay's store in one local file, for one process at a time. Accounts, their tokens and relay keys are on disk when a change
 * returns and are read from memory. Changes of the ledger are in a journal when they return, on disk within a second, and
 * read from the file. All of that which was acknowledged survives the end of the process at any moment. What keys hold of
 * their limits is gone with the process, as its exchanges are; windows of rate limits go on. The accounts that sessions stay
 * with are written every few seconds, and at the end. Safe for concurrent use.
 *
 * <p>When the file fails, as on a full disk, changes throw a {@link RelayException}, {@link #healthy} is false and the file
 * is opened again at its last commit until it works.
 */
public final class EmbeddedStore implements RelayStore {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedStore.class);

    private static final Duration RETRY_DELAY = Duration.ofSeconds(1);

    private final StoreThread thread;
    private final StoreFile file;
    private final EmbeddedAccounts accounts;
    private final EmbeddedTokens tokens;
    private final EmbeddedApiKeys apiKeys;
    private final Book book;
    private final Journal journal;
    private final EmbeddedUsage usage;
    private final EmbeddedSessions sessions;
    private final EmbeddedObjects objects;
    private final AtomicBoolean closed = new AtomicBoolean();

    // Touched by the store's thread alone.
    private boolean trying;

    private EmbeddedStore(
            StoreThread thread, StoreFile file, SecretCipher cipher, @Nullable Path directory, StoreTime time) {
        this.thread = thread;
        this.file = file;
        Tables tables = new Tables(cipher);
        Table<Account> accountTable = new Table<>(Tables.ACCOUNTS, tables.accounts(), file, thread);
        Table<ApiKey> keyTable = new Table<>(Tables.API_KEYS, tables.apiKeys(), file, thread);
        accountTable.load();
        warnOfUnreadable(accountTable);
        keyTable.load();
        Table<StoredToken> tokenTable = new Table<>(Tables.TOKENS, tables.tokens(), file, thread);
        tokenTable.load();
        tokenTable.retain(token -> accountTable.find(token.accountId()).isPresent());
        this.accounts = new EmbeddedAccounts(accountTable, tokenTable);
        this.tokens = new EmbeddedTokens(tokenTable, time.clock());
        this.apiKeys = new EmbeddedApiKeys(keyTable);
        this.journal = directory == null ? Journal.none() : Journal.in(directory);
        this.book = new Book(time.clock(), journal);
        this.usage = new EmbeddedUsage(book, journal, file, thread, time.clock(), time.zone());
        usage.load();
        this.sessions = new EmbeddedSessions(file, thread, time.clock());
        sessions.load();
        this.objects = new EmbeddedObjects(file, thread, time.clock());
        objects.load();
        file.whenFailed(this::tryAgainLater);
    }

    private static void warnOfUnreadable(Table<Account> accounts) {
        accounts.list().stream()
                .filter(account -> !account.hasReadableCredential())
                .forEach(account -> LOG.warn(
                        "The credential of account {} cannot be decrypted; it is not used until it is set anew.",
                        account.id()));
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
    public static EmbeddedStore open(Path directory, SecretCipher cipher, StoreTime time) {
        return open(() -> StoreFile.in(directory), file -> StoreStamp.check(file, cipher), cipher, directory, time);
    }

    /**
     * As {@link #open(Path, SecretCipher, StoreTime)}, where the store's relay keys are hashed with the pepper of that mark.
     *
     * @throws IllegalStateException also if they were hashed with another one
     */
    public static EmbeddedStore open(Path directory, SecretCipher cipher, String pepperMark, StoreTime time) {
        return open(
                () -> StoreFile.in(directory),
                file -> {
                    StoreStamp.check(file, cipher);
                    StoreStamp.checkPepper(file, pepperMark);
                },
                cipher,
                directory,
                time);
    }

    /** A store without a file, empty at first and gone when it is closed. */
    public static EmbeddedStore inMemory(StoreTime time) {
        return open(StoreFile::inMemory, file -> {}, new NoCipher(), null, time);
    }

    private static EmbeddedStore open(
            Supplier<StoreFile> source,
            Consumer<StoreFile> check,
            SecretCipher cipher,
            @Nullable Path directory,
            StoreTime time) {
        StoreThread thread = new StoreThread();
        try {
            return thread.call(() -> {
                StoreFile file = source.get();
                try {
                    check.accept(file);
                    return new EmbeddedStore(thread, file, cipher, directory, time);
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
    public TokenStore tokens() {
        return tokens;
    }

    @Override
    public ApiKeyStore apiKeys() {
        return apiKeys;
    }

    @Override
    public LimitStore limits() {
        return book;
    }

    @Override
    public UsageStore usage() {
        return usage;
    }

    @Override
    public SessionStore sessions() {
        return sessions;
    }

    @Override
    public ObjectStore objects() {
        return objects;
    }

    @Override
    public boolean healthy() {
        return file.healthy() && book.journaling() && !closed.get();
    }

    /** The journal, for tests that break it. */
    Journal journal() {
        return journal;
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
            sessions.writeLast();
            objects.writeLast();
        } catch (RelayException e) {
            LOG.warn("The store {} could not be written; some sessions and objects are forgotten.", file.name(), e);
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
        public String seal(Secret secret, SecretPlace place) {
            return secret.kept().orElseGet(secret::reveal);
        }

        @Override
        public Secret open(String sealed, SecretPlace place) {
            return Secret.of(sealed);
        }
    }
}
