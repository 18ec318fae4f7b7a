package org.ccrelayer.internal.admin;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.AccountChange;
import org.ccrelayer.admin.IssuedKey;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.admin.RelayAdministration;
import org.ccrelayer.apikey.Activation;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.internal.crypto.KeyHash;
import org.ccrelayer.store.RelayStore;
import org.ccrelayer.usage.UsageTotals;
import org.jspecify.annotations.Nullable;

/** Operates a relay through its store. Safe for concurrent use; blocks on the store. */
public final class StoreAdministration implements RelayAdministration {
    /** What issued keys begin with unless configured otherwise. */
    public static final String DEFAULT_KEY_PREFIX = "cr_";

    private static final int KEY_BYTES = 32;

    private final RelayStore store;
    private final KeyHash keyHash;
    private final String keyPrefix;
    private final InstantSource time;
    private final BaseUrlGuard baseUrls;
    private final SecureRandom random = new SecureRandom();

    /**
     * Operates that store.
     *
     * @param keyPrefix what issued keys begin with
     * @param baseUrls which base URLs accounts may have
     */
    public StoreAdministration(
            RelayStore store, KeyHash keyHash, String keyPrefix, InstantSource time, BaseUrlGuard baseUrls) {
        this.store = store;
        this.keyHash = keyHash;
        this.keyPrefix = keyPrefix;
        this.time = time;
        this.baseUrls = baseUrls;
    }

    @Override
    public Account createAccount(NewAccount account) {
        check(new AccountChange(
                account.name(), account.baseUrl(), account.apiKey(), account.priority(), null, account.models()));
        Integer priority = account.priority();
        Account created = new Account(
                UUID.randomUUID().toString(),
                account.name(),
                account.kind(),
                baseUrl(account.baseUrl(), BaseUrlGuard.DEFAULT),
                account.apiKey(),
                priority == null ? Account.DEFAULT_PRIORITY : priority,
                account.schedulable(),
                account.models(),
                time.instant());
        store.accounts().create(created);
        return created;
    }

    private void check(AccountChange change) {
        Problems problems = new Problems();
        if (change.name() != null) {
            problems.add("name", FieldRules.name(change.name()));
        }
        if (change.baseUrl() != null) {
            problems.add("baseUrl", FieldRules.baseUrl(baseUrls, change.baseUrl()));
        }
        if (change.apiKey() != null) {
            problems.add("apiKey", FieldRules.credential(change.apiKey().reveal()));
        }
        if (change.priority() != null) {
            problems.add("priority", FieldRules.priority(change.priority()));
        }
        if (change.models() != null) {
            problems.add("models", FieldRules.models(change.models()));
        }
        problems.refuse();
    }

    private URI baseUrl(@Nullable String given, URI otherwise) {
        return given == null ? otherwise : baseUrls.check(given);
    }

    @Override
    public List<Account> accounts() {
        return store.accounts().list();
    }

    @Override
    public Optional<Account> changeAccount(String id, AccountChange change) {
        check(change);
        return store.accounts().update(id, old -> changed(old, change));
    }

    private Account changed(Account old, AccountChange change) {
        return new Account(
                old.id(),
                orElse(change.name(), old.name()),
                old.kind(),
                baseUrl(change.baseUrl(), old.baseUrl()),
                orElse(change.apiKey(), old.apiKey()),
                orElse(change.priority(), old.priority()),
                orElse(change.schedulable(), old.schedulable()),
                orElse(change.models(), old.models()),
                old.createdAt());
    }

    private static <T> T orElse(@Nullable T given, T otherwise) {
        return given == null ? otherwise : given;
    }

    @Override
    public Optional<Account> toggleAccount(String id) {
        return store.accounts()
                .update(id, old -> changed(old, new AccountChange(null, null, null, null, !old.schedulable(), null)));
    }

    @Override
    public boolean deleteAccount(String id) {
        return store.accounts().delete(id);
    }

    @Override
    public IssuedKey createKey(NewKey key) {
        Instant now = time.instant();
        check(key, now);
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        String secret = keyPrefix + HexFormat.of().formatHex(bytes);
        ApiKey created = new ApiKey(
                UUID.randomUUID().toString(),
                key.name(),
                keyHash.of(secret),
                true,
                KeyLimits.ofModels(key.modelsAllowed()),
                now,
                key.expiresAt(),
                Activation.NONE);
        store.apiKeys().create(created);
        return new IssuedKey(created, Secret.of(secret));
    }

    private static void check(NewKey key, Instant now) {
        Problems problems = new Problems();
        problems.add("name", FieldRules.name(key.name()));
        problems.add("modelsAllowed", FieldRules.models(key.modelsAllowed()));
        Instant expiresAt = key.expiresAt();
        if (expiresAt != null) {
            problems.add("expiresAt", FieldRules.expiresAt(expiresAt, now));
        }
        problems.refuse();
    }

    @Override
    public List<ApiKey> keys() {
        return store.apiKeys().list();
    }

    @Override
    public Optional<ApiKey> enableKey(String id, boolean enabled) {
        return store.apiKeys().update(id, old -> enabled(old, enabled));
    }

    private static ApiKey enabled(ApiKey old, boolean enabled) {
        return new ApiKey(
                old.id(),
                old.name(),
                old.hash(),
                enabled,
                old.limits(),
                old.createdAt(),
                old.expiresAt(),
                old.activation());
    }

    @Override
    public boolean deleteKey(String id) {
        return store.apiKeys().delete(id);
    }

    @Override
    public UsageTotals usageOfKey(String id) {
        return store.usage().totalsOfKey(id);
    }

    @Override
    public UsageTotals usage() {
        return store.usage().totals();
    }
}
