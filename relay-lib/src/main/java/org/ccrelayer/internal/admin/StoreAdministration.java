package org.ccrelayer.internal.admin;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountCredential;
import org.ccrelayer.account.AccountRouting;
import org.ccrelayer.account.AccountStatus;
import org.ccrelayer.account.AccountTerms;
import org.ccrelayer.account.ConsumerLogin;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.account.TokenStatus;
import org.ccrelayer.admin.AccountChange;
import org.ccrelayer.admin.IssuedKey;
import org.ccrelayer.admin.KeyChange;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.admin.RelayAdministration;
import org.ccrelayer.admin.UsageReport;
import org.ccrelayer.apikey.Activation;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.KeyAccess;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.KeyRouting;
import org.ccrelayer.event.PoolState;
import org.ccrelayer.internal.crypto.KeyHash;
import org.ccrelayer.internal.network.EndpointGuard;
import org.ccrelayer.store.RelayStore;
import org.ccrelayer.usage.UsageSubject;
import org.ccrelayer.usage.UsageTotals;
import org.jspecify.annotations.Nullable;

/** Operates a relay through its store. Safe for concurrent use; blocks on the store. */
public final class StoreAdministration implements RelayAdministration {
    /** What issued keys begin with unless configured otherwise. */
    public static final String DEFAULT_KEY_PREFIX = "cr_";

    private static final int KEY_BYTES = 32;

    private final RelayStore store;
    private final KeyHash keyHash;
    private final InstantSource time;
    private final Terms terms;
    private final Function<String, AccountStatus> statuses;
    private final UsageReports reports;
    private final CredentialRules credentialRules;
    private final TokenAdministration tokens;
    private final SecureRandom random = new SecureRandom();

    /**
     * What holds for everything that is kept.
     *
     * @param keyPrefix what issued keys begin with
     * @param zone where days and weeks begin, for keys that do not say
     * @param baseUrls which base URLs accounts may have
     * @param keyRules which limits relay keys may have
     * @param tlsTrial what of a TLS policy cannot be kept on this platform, by field; may take a while
     * @param pools the connections of an account
     */
    public record Terms(
            String keyPrefix,
            ZoneOffset zone,
            EndpointGuard baseUrls,
            KeyRules keyRules,
            Function<TlsPolicy, Map<String, String>> tlsTrial,
            Function<String, PoolState> pools) {
        /** Without an upstream client, whose part in it is left out. */
        public Terms(String keyPrefix, ZoneOffset zone, EndpointGuard baseUrls, KeyRules keyRules) {
            this(keyPrefix, zone, baseUrls, keyRules, policy -> Map.of(), PoolState::none);
        }

        public Terms {
            requireNonNull(keyPrefix, "keyPrefix");
            requireNonNull(zone, "zone");
            requireNonNull(baseUrls, "baseUrls");
            requireNonNull(keyRules, "keyRules");
            requireNonNull(tlsTrial, "tlsTrial");
            requireNonNull(pools, "pools");
        }
    }

    /**
     * Operates that store.
     *
     * @param statuses tells how accounts are
     * @param refresh obtains a new token for an account; its stage fails with a {@link org.ccrelayer.error.RelayException}
     */
    public StoreAdministration(
            RelayStore store,
            KeyHash keyHash,
            InstantSource time,
            Terms terms,
            Function<String, AccountStatus> statuses,
            Function<Account, CompletionStage<?>> refresh) {
        this.store = store;
        this.keyHash = keyHash;
        this.time = time;
        this.terms = terms;
        this.statuses = statuses;
        this.reports = new UsageReports(store, terms.zone());
        this.credentialRules = new CredentialRules(terms.baseUrls());
        this.tokens = new TokenAdministration(store, refresh);
    }

    @Override
    public Account createAccount(NewAccount account) {
        Problems problems = problems(new AccountChange(
                account.name(), account.baseUrl(), (Secret) null, account.priority(), null, account.models()));
        credentialRules.check(account.credential(), problems);
        RoutingRules.check(account.routing(), problems);
        EgressRules.check(account.proxy(), problems);
        EgressRules.check(account.tls(), terms.tlsTrial(), problems);
        problems.add("dailyQuota", Usd.problem(account.terms().dailyQuotaNanoUsd()));
        problems.refuse();
        Integer priority = account.priority();
        Account created = new Account(
                UUID.randomUUID().toString(),
                account.name(),
                account.credential(),
                baseUrl(account.baseUrl(), EndpointGuard.DEFAULT),
                priority == null ? Account.DEFAULT_PRIORITY : priority,
                account.schedulable(),
                account.models(),
                time.instant(),
                account.routing(),
                account.proxy(),
                account.tls(),
                resting(account.terms(), AccountTerms.NONE));
        store.accounts().create(created);
        return created;
    }

    /** What is wrong with the fields that can be judged without the account. */
    private Problems problems(AccountChange change) {
        Problems problems = new Problems();
        if (change.name() != null) {
            problems.add("name", FieldRules.name(change.name()));
        }
        if (change.baseUrl() != null) {
            problems.add("baseUrl", FieldRules.endpoint(terms.baseUrls(), change.baseUrl()));
        }
        if (change.priority() != null) {
            problems.add("priority", FieldRules.priority(change.priority()));
        }
        if (change.models() != null) {
            problems.add("models", FieldRules.models(change.models()));
        }
        return problems;
    }

    private URI baseUrl(@Nullable String given, URI otherwise) {
        return given == null ? otherwise : terms.baseUrls().check(given);
    }

    @Override
    public List<Account> accounts() {
        return store.accounts().list();
    }

    @Override
    public Optional<Account> account(String id) {
        return store.accounts().find(id);
    }

    @Override
    public List<ConsumerLogin> consumerLogins() {
        return store.consumerLogins();
    }

    @Override
    public AccountStatus accountStatus(String id) {
        return statuses.apply(id);
    }

    @Override
    public PoolState connections(String id) {
        return terms.pools().apply(id);
    }

    @Override
    public TokenStatus tokenStatus(String id) {
        return tokens.status(id);
    }

    @Override
    public Optional<TokenStatus> refreshToken(String id) {
        return tokens.refresh(id);
    }

    @Override
    public Optional<Account> changeAccount(String id, AccountChange change) {
        Problems problems = problems(change);
        if (change.tls() != null) {
            // A trial takes too long to be made within the store's change.
            store.accounts().find(id).ifPresent(old -> tryTls(applied(change.tls(), old.tls(), problems), problems));
        }
        return update(id, old -> changed(old, change, problems));
    }

    private Optional<Account> update(String id, UnaryOperator<Account> change) {
        Optional<Account> changed = store.accounts().update(id, change);
        changed.ifPresent(tokens::changed);
        return changed;
    }

    private void tryTls(TlsPolicy policy, Problems problems) {
        EgressRules.check(policy, terms.tlsTrial(), problems);
    }

    private Account changed(Account old, AccountChange change, Problems problems) {
        AccountCredential credential = applied(change.credential(), old.credential(), problems);
        if (!credential.equals(old.credential())) {
            credentialRules.check(credential, problems);
        }
        AccountRouting routing = applied(change.routing(), old.routing(), problems);
        if (!routing.equals(old.routing())) {
            RoutingRules.check(routing, problems);
        }
        EgressProxy proxy = applied(change.proxy(), old.proxy(), problems);
        if (!proxy.equals(old.proxy())) {
            EgressRules.check(proxy, problems);
        }
        AccountTerms agreed = applied(change.terms(), old.terms(), problems);
        problems.add("dailyQuota", Usd.problem(agreed.dailyQuotaNanoUsd()));
        problems.refuse();
        return new Account(
                old.id(),
                orElse(change.name(), old.name()),
                credential,
                baseUrl(change.baseUrl(), old.baseUrl()),
                orElse(change.priority(), old.priority()),
                orElse(change.schedulable(), old.schedulable()),
                orElse(change.models(), old.models()),
                old.createdAt(),
                routing,
                proxy,
                applied(change.tls(), old.tls(), problems),
                resting(agreed, old.terms()));
    }

    /** Only who shares the store lets an account rest. */
    private static AccountTerms resting(AccountTerms agreed, AccountTerms old) {
        return new AccountTerms(
                agreed.dailyQuotaNanoUsd(),
                agreed.quotaResetAt(),
                agreed.endsAt(),
                agreed.interceptWarmup(),
                old.restsUntil());
    }

    /** What a change makes of a record; one that cannot be made is a problem beside the others. */
    private static <T> T applied(@Nullable UnaryOperator<T> change, T old, Problems problems) {
        try {
            return change == null ? old : change.apply(old);
        } catch (IllegalArgumentException refusal) {
            problems.add(refusal);
            return old;
        }
    }

    private static <T> T orElse(@Nullable T given, T otherwise) {
        return given == null ? otherwise : given;
    }

    @Override
    public Optional<Account> toggleAccount(String id) {
        return update(id, this::toggled);
    }

    private Account toggled(Account old) {
        return changed(
                old, new AccountChange(null, null, (Secret) null, null, !old.schedulable(), null), new Problems());
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
        String secret = terms.keyPrefix() + HexFormat.of().formatHex(bytes);
        ApiKey created = new ApiKey(
                UUID.randomUUID().toString(),
                key.name(),
                keyHash.of(secret),
                true,
                key.limits(),
                now,
                key.expiresAt(),
                key.activationHours() > 0
                        ? new Activation(key.activationHours(), Activation.Unit.HOURS, null)
                        : new Activation(key.activationDays(), null),
                key.routing(),
                key.access());
        store.apiKeys().create(created);
        return new IssuedKey(created, Secret.of(secret));
    }

    private void check(NewKey key, Instant now) {
        Problems problems = new Problems();
        problems.add("name", FieldRules.name(key.name()));
        terms.keyRules().check(key.limits(), KeyLimits.NONE, problems);
        RoutingRules.check(
                key.routing(), KeyRouting.ANY, id -> store.accounts().find(id).isPresent(), problems);
        AccessRules.check(key.access(), problems);
        check(key.expiresAt(), key.activationDays(), now, problems);
        checkHours(key.activationHours(), key.activationDays(), problems);
        problems.refuse();
    }

    private static void check(
            @Nullable Instant expiresAt, @Nullable Integer activationDays, Instant now, Problems problems) {
        if (expiresAt != null) {
            problems.add("expiresAt", FieldRules.expiresAt(expiresAt, now));
        }
        if (activationDays != null) {
            problems.add(WholeNumber.ACTIVATION_DAYS, activationDays);
        }
    }

    private static void checkHours(@Nullable Integer hours, @Nullable Integer days, Problems problems) {
        if (hours != null) {
            problems.add(WholeNumber.ACTIVATION_HOURS, hours);
            if (hours > 0 && days != null && days > 0) {
                problems.add(
                        WholeNumber.ACTIVATION_HOURS.field(),
                        "cannot be set together with activationDays; set one of them, 0 removes the other");
            }
        }
    }

    @Override
    public List<ApiKey> keys() {
        return store.apiKeys().list();
    }

    @Override
    public Optional<ApiKey> key(String id) {
        return store.apiKeys().find(id);
    }

    @Override
    public Optional<ApiKey> changeKey(String id, KeyChange change) {
        Problems problems = new Problems();
        if (change.name() != null) {
            problems.add("name", FieldRules.name(change.name()));
        }
        check(change.expiresAt(), change.activationDays(), time.instant(), problems);
        checkHours(change.activationHours(), change.activationDays(), problems);
        // Read before the change, which must not wait for another part of the store.
        Set<String> accounts = change.routing() == null ? Set.of() : accountIds();
        return store.apiKeys().update(id, old -> changed(old, change, accounts, problems));
    }

    /** Limits and routing can be judged only here, as what they become depends on what they are. */
    private ApiKey changed(ApiKey old, KeyChange change, Set<String> accounts, Problems problems) {
        KeyLimits limits = applied(change.limits(), old.limits(), problems);
        KeyRouting routing = applied(change.routing(), old.routing(), problems);
        terms.keyRules().check(limits, old.limits(), problems);
        KeyAccess access = applied(change.access(), old.access(), problems);
        RoutingRules.check(routing, old.routing(), accounts::contains, problems);
        if (!access.equals(old.access())) {
            AccessRules.check(access, problems);
        }
        problems.refuse();
        return new ChangedKey(limits, routing, access).of(old, change);
    }

    private Set<String> accountIds() {
        return store.accounts().list().stream().map(Account::id).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public boolean deleteKey(String id) {
        boolean deleted = store.apiKeys().delete(id);
        if (deleted) {
            store.objects().removeAll(id);
        }
        return deleted;
    }

    @Override
    public UsageTotals usageOfKey(String id) {
        return store.usage().totalsOfKey(id);
    }

    @Override
    public UsageTotals usage() {
        return store.usage().totals();
    }

    @Override
    public Optional<UsageReport> usageOf(UsageSubject subject) {
        return reports.of(subject);
    }
}
