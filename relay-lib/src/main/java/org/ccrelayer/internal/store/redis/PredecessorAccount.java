package org.ccrelayer.internal.store.redis;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountRouting;
import org.ccrelayer.account.AccountTerms;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.AuthHeader;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.internal.json.JsonException;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.store.SecretCipher;
import org.ccrelayer.store.SecretPlace;
import org.jspecify.annotations.Nullable;

/**
 * An API-key account as the predecessor keeps it, and beside it what that cannot say. Immutable.
 *
 * @param fields the predecessor's
 * @param own the relay's own
 * @param groups the predecessor's groups that it is in
 */
record PredecessorAccount(HashFields fields, HashFields own, Set<String> groups) {
    /** What the predecessor writes into every new account, and the relay has no use for. */
    private static final Map<String, String> UNUSED = Map.ofEntries(
            Map.entry("description", ""),
            Map.entry("platform", "claude-console"),
            Map.entry("userAgent", ""),
            Map.entry("rateLimitDuration", "60"),
            Map.entry("rateLimitedAt", ""),
            Map.entry("rateLimitStatus", ""),
            Map.entry("isActive", "true"),
            Map.entry("status", "active"),
            Map.entry("errorMessage", ""),
            Map.entry("lastUsedAt", ""),
            Map.entry("dailyUsage", "0"),
            Map.entry("lastResetDate", ""),
            Map.entry("quotaStoppedAt", ""),
            Map.entry("disableAutoProtection", "false"));

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");
    private static final String MACHINE_KEY = "sk-ant-";
    private static final int MOST_TASKS = 1_000_000;

    String id() {
        return fields.text("id");
    }

    /** The account. One that may not be used as it stands there has no key that anybody can use. */
    Account account(RedisAccounts.Terms terms) {
        LocalTime quotaReset = quotaReset();
        PredecessorRest rest = PredecessorRest.of(fields, own, quotaReset, terms.zone());
        Map<String, String> models = models();
        Secret key = problem(terms.endpoints())
                .map(problem -> Secret.unusable(fields.text("apiKey"), problem))
                .orElseGet(() -> key(terms.predecessors()));
        return new Account(
                id(),
                fields.text("name"),
                new ApiKeyCredential(key, header(key)),
                address(terms.endpoints()).url(),
                priority(),
                rest.chosen(),
                models.keySet(),
                fields.moment("createdAt", own).orElse(Instant.EPOCH),
                routing(models),
                proxy(terms.endpoints()).orElse(PredecessorProxy.UNUSABLE),
                TlsPolicy.DEFAULT,
                new AccountTerms(
                        fields.nanoUsd("dailyQuota"),
                        quotaReset,
                        endsAt(),
                        fields.isTrue("interceptWarmup"),
                        rest.until()));
    }

    PredecessorAddress address(Endpoints endpoints) {
        return PredecessorAddress.of(fields.text("apiUrl"), endpoints);
    }

    private Optional<EgressProxy> proxy(Endpoints endpoints) {
        return PredecessorProxy.read(fields.text("proxy")).filter(endpoints::permits);
    }

    /** What keeps it from being used, beside its key, in a sentence for an operator. */
    Optional<String> problem(Endpoints endpoints) {
        if (proxy(endpoints).isEmpty()) {
            return Optional.of(
                    "The proxy cannot be used: it must be http or socks5, with a host and a port that may be used."
                            + " Set proxy anew, or to null for none.");
        }
        String address = address(endpoints).problem();
        return address == null
                ? Optional.empty()
                : Optional.of("The baseUrl cannot be used: it " + address + ". Set baseUrl anew.");
    }

    /** An end that nobody can read may have come. */
    private @Nullable Instant endsAt() {
        String name = "subscriptionExpiresAt";
        return fields.moment(name, own)
                .or(() -> fields.given(name).map(unreadable -> Instant.EPOCH))
                .orElse(null);
    }

    /** The predecessor uses such an account for ever. */
    boolean endsUnreadably() {
        return fields.has("subscriptionExpiresAt")
                && fields.moment("subscriptionExpiresAt").isEmpty();
    }

    /** The key, whatever else keeps the account from being used. */
    Secret key(SecretCipher cipher) {
        Secret key = cipher.open(fields.text("apiKey"), place(id()));
        return key.isEmpty() ? Secret.undecryptable(fields.text("apiKey")) : key;
    }

    static SecretPlace place(String id) {
        return SecretPlace.apiKey("account/" + id + "/apiKey");
    }

    /** The predecessor tells by the key in which header it goes. */
    static AuthHeader header(Secret key) {
        return key.isReadable() && key.reveal().startsWith(MACHINE_KEY) ? AuthHeader.X_API_KEY : AuthHeader.BEARER;
    }

    private int priority() {
        long given = fields.whole("priority", Account.DEFAULT_PRIORITY);
        return (int) Math.max(1, Math.min(100, given));
    }

    private LocalTime quotaReset() {
        try {
            return LocalTime.parse(fields.given("quotaResetTime").orElse("00:00"), TIME);
        } catch (DateTimeException e) {
            return LocalTime.MIDNIGHT;
        }
    }

    /** The names that the upstream knows models by; in old records a list of names that are the same on both sides. */
    private Map<String, String> models() {
        JsonObject json = fields.object("supportedModels");
        Map<String, String> models = new TreeMap<>();
        for (String model : json.names()) {
            models.put(model, name(json, model));
        }
        fields.texts("supportedModels").forEach(model -> models.put(model, model));
        return models;
    }

    private static String name(JsonObject json, String model) {
        try {
            return json.string(model).filter(name -> !name.isEmpty()).orElse(model);
        } catch (JsonException e) {
            return model;
        }
    }

    private AccountRouting routing(Map<String, String> models) {
        Map<String, String> mapped = new HashMap<>(models);
        mapped.entrySet().removeIf(entry -> entry.getKey().equals(entry.getValue()));
        Set<String> all = new HashSet<>(groups);
        all.addAll(own.texts("groups"));
        String type = fields.text("accountType");
        return new AccountRouting(
                Set.of(),
                mapped,
                fields.count("maxConcurrentTasks", MOST_TASKS),
                Math.max(1, own.count("weight", 100)),
                all,
                type.equals("dedicated") || type.equals("group"),
                own.given("workspace").orElse(null),
                own.isTrue("autoStopOnWarning"));
    }

    /** Whether the predecessor can say everything of an account that it must know to use it as the relay does. */
    static boolean expresses(Account account) {
        return account.credential() instanceof ApiKeyCredential credential
                && (!credential.key().isReadable() || header(credential.key()) == credential.header())
                && account.tls().equals(TlsPolicy.DEFAULT)
                && account.proxy().secrets().stream().allMatch(Secret::isReadable)
                && account.routing().modelsDenied().isEmpty()
                && account.models().containsAll(account.routing().modelMap().keySet());
    }

    /** All fields of a new account but its key. */
    static Map<String, String> created(Account account) {
        Map<String, String> all = new LinkedHashMap<>(UNUSED);
        all.put("id", account.id());
        all.put("createdAt", HashFields.text(account.createdAt()));
        all.putAll(fields(account));
        return all;
    }

    /** The predecessor's fields, but the key, that follow from what the relay knows of an account. */
    static Map<String, String> fields(Account account) {
        AccountTerms terms = account.terms();
        Instant endsAt = terms.endsAt();
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("name", account.name());
        fields.put("apiUrl", account.baseUrl().toString());
        fields.put("priority", Integer.toString(account.priority()));
        fields.put("schedulable", Boolean.toString(account.schedulable()));
        fields.put("supportedModels", supported(account));
        fields.put("proxy", PredecessorProxy.write(account.proxy()));
        fields.put("accountType", type(account.routing()));
        fields.put("maxConcurrentTasks", Integer.toString(account.routing().concurrency()));
        fields.put("dailyQuota", HashFields.usd(terms.dailyQuotaNanoUsd()));
        fields.put("quotaResetTime", TIME.format(terms.quotaResetAt()));
        fields.put("subscriptionExpiresAt", endsAt == null ? "" : HashFields.text(endsAt));
        fields.put("interceptWarmup", Boolean.toString(terms.interceptWarmup()));
        return fields;
    }

    private static String supported(Account account) {
        JsonObject.Builder json = JsonObject.build();
        new TreeSet<>(account.models())
                .forEach(model -> json.with(model, account.routing().upstreamName(model)));
        return json.end().toString();
    }

    static boolean isShared(Account account) {
        return !account.routing().dedicated();
    }

    private static String type(AccountRouting routing) {
        if (!routing.dedicated()) {
            return "shared";
        }
        return routing.groups().isEmpty() ? "dedicated" : "group";
    }

    /** What the predecessor cannot say of an account, but its groups. */
    static Map<String, String> own(Account account) {
        AccountRouting routing = account.routing();
        Map<String, String> own = new LinkedHashMap<>();
        finer("createdAt", account.createdAt(), own);
        finer("subscriptionExpiresAt", account.terms().endsAt(), own);
        if (routing.weight() != 1) {
            own.put("weight", Integer.toString(routing.weight()));
        }
        if (routing.workspace() != null) {
            own.put("workspace", routing.workspace());
        }
        if (routing.autoStopOnWarning()) {
            own.put("autoStopOnWarning", "true");
        }
        return own;
    }

    private static void finer(String name, @Nullable Instant at, Map<String, String> own) {
        if (at != null && HashFields.isFiner(at)) {
            own.put(name, at.toString());
        }
    }
}
