package org.ccrelayer.internal.admin;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.ccrelayer.account.AccountCredential;
import org.ccrelayer.account.AccountKind;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.AuthHeader;
import org.ccrelayer.account.BearerCredential;
import org.ccrelayer.account.FederationCredential;
import org.ccrelayer.account.FederationCredential.Assertion;
import org.ccrelayer.account.FederationCredential.Assertion.Place;
import org.ccrelayer.account.OAuthCredential;
import org.ccrelayer.account.Secret;
import org.jspecify.annotations.Nullable;

/**
 * The credential in a request body, laid over the one that an account has: within one kind, what the body does not name stays; another
 * kind needs all that it needs. A bad value is a problem of the body; what depends on the account is found when it is laid over
 * it. Immutable.
 */
final class CredentialFields {
    private static final Map<AccountKind, List<String>> BY_KIND = Map.of(
            AccountKind.API_KEY,
            List.of("apiKey", "authHeader"),
            AccountKind.BEARER,
            List.of("token", "authHeader"),
            AccountKind.OAUTH,
            List.of("tokenUrl", "clientId", "clientSecret", "refreshToken", "scope"),
            AccountKind.FEDERATION,
            List.of(
                    "tokenUrl",
                    "federationRuleId",
                    "organizationId",
                    "serviceAccountId",
                    "workspaceId",
                    "assertionFile",
                    "assertionEnv"));

    /** Fields that an empty text removes. */
    private static final Set<String> REMOVABLE =
            Set.of("clientSecret", "refreshToken", "scope", "workspaceId", "tokenUrl");

    /** Every member that is read here. */
    static final List<String> NAMES = List.of(
            "kind",
            "authHeader",
            "apiKey",
            "token",
            "tokenUrl",
            "clientId",
            "clientSecret",
            "refreshToken",
            "scope",
            "federationRuleId",
            "organizationId",
            "serviceAccountId",
            "workspaceId",
            "assertionFile",
            "assertionEnv");

    private final Map<String, String> given = new LinkedHashMap<>();
    private final @Nullable AccountKind kind;
    private final @Nullable AuthHeader header;
    private final boolean readable;

    CredentialFields(BodyFields fields, CredentialRules rules) {
        this.kind = named(fields, "kind", "api-key, bearer, oauth or federation", AccountKind::byId);
        this.header = named(fields, "authHeader", "x-api-key or bearer", AuthHeader::byId);
        this.readable = kind != null || !fields.has("kind");
        for (String name : NAMES.subList(2, NAMES.size())) {
            Optional<String> value = REMOVABLE.contains(name)
                    ? fields.removable(name, text -> rules.problem(name, text))
                    : fields.checked(name, fields.string(name), text -> rules.problem(name, text));
            value.ifPresent(text -> given.put(name, text));
        }
        if (given.containsKey("assertionFile") && given.containsKey("assertionEnv")) {
            fields.problem("assertionEnv", "must be left out where assertionFile is given");
        }
    }

    private static <T> @Nullable T named(
            BodyFields fields, String name, String known, Function<String, Optional<T>> byId) {
        Optional<String> text = fields.string(name);
        fields.checked(
                name,
                text,
                given -> byId.apply(given).isPresent() ? Optional.empty() : Optional.of("must be " + known));
        return text.flatMap(byId).orElse(null);
    }

    /** The credential of a new account; empty where it lacks something, which is noted. */
    Optional<AccountCredential> created(BodyFields fields) {
        return readable ? over(null, fields::problem) : Optional.empty();
    }

    /** Whether the body says anything of the credential. */
    boolean isEmpty() {
        return given.isEmpty() && kind == null && header == null;
    }

    /**
     * The credential after the change.
     *
     * @throws IllegalArgumentException with every problem
     */
    AccountCredential over(AccountCredential old) {
        Problems problems = new Problems();
        Optional<AccountCredential> changed = over(old, problems::add);
        problems.refuse();
        return changed.orElseThrow();
    }

    private Optional<AccountCredential> over(@Nullable AccountCredential old, BiConsumer<String, String> problem) {
        AccountKind wanted = kind != null ? kind : old != null ? old.kind() : AccountKind.API_KEY;
        boolean foreign = noteForeign(wanted, problem);
        Laying laying = new Laying(old != null && old.kind() == wanted ? old : null, problem);
        Optional<AccountCredential> laid =
                switch (wanted) {
                    case API_KEY -> laying.apiKey();
                    case BEARER -> laying.bearer();
                    case OAUTH -> laying.oauth();
                    case FEDERATION -> laying.federation();
                };
        return foreign ? Optional.empty() : laid;
    }

    private boolean noteForeign(AccountKind wanted, BiConsumer<String, String> problem) {
        List<String> known = BY_KIND.getOrDefault(wanted, List.of());
        boolean foreign = false;
        for (String name : NAMES.subList(1, NAMES.size())) {
            boolean there = name.equals("authHeader") ? header != null : given.containsKey(name);
            if (there && !known.contains(name)) {
                problem.accept(name, "is not used by accounts of kind " + wanted.id());
                foreign = true;
            }
        }
        return foreign;
    }

    /** Lays what was given over a credential of the same kind, or over nothing. */
    private final class Laying {
        private final @Nullable AccountCredential old;
        private final BiConsumer<String, String> problem;
        private boolean complete = true;

        Laying(@Nullable AccountCredential old, BiConsumer<String, String> problem) {
            this.old = old;
            this.problem = problem;
        }

        Optional<AccountCredential> apiKey() {
            ApiKeyCredential known = (ApiKeyCredential) old;
            Secret key = secret("apiKey", known == null ? null : known.key(), true);
            AuthHeader in = header(known == null ? AuthHeader.X_API_KEY : known.header());
            return key == null ? Optional.empty() : Optional.of(new ApiKeyCredential(key, in));
        }

        Optional<AccountCredential> bearer() {
            BearerCredential known = (BearerCredential) old;
            Secret token = secret("token", known == null ? null : known.token(), true);
            AuthHeader in = header(known == null ? AuthHeader.BEARER : known.header());
            return token == null ? Optional.empty() : Optional.of(new BearerCredential(token, in));
        }

        Optional<AccountCredential> oauth() {
            OAuthCredential known = (OAuthCredential) old;
            String url =
                    text("tokenUrl", known == null ? null : known.tokenUrl().toString(), true);
            String clientId = text("clientId", known == null ? null : known.clientId(), true);
            Secret password = secret("clientSecret", known == null ? null : known.clientSecret(), false);
            Secret refreshToken = secret("refreshToken", known == null ? null : known.refreshToken(), password == null);
            String scope = text("scope", known == null ? null : known.scope(), false);
            return complete && url != null && clientId != null
                    ? uri(url).map(uri -> new OAuthCredential(uri, clientId, password, refreshToken, scope))
                    : Optional.empty();
        }

        Optional<AccountCredential> federation() {
            FederationCredential known = (FederationCredential) old;
            URI before = known == null ? null : known.tokenUrl();
            String url = text("tokenUrl", before == null ? null : before.toString(), false);
            String rule = text("federationRuleId", known == null ? null : known.ruleId(), true);
            String organization = text("organizationId", known == null ? null : known.organizationId(), true);
            String account = text("serviceAccountId", known == null ? null : known.serviceAccountId(), true);
            String workspace = text("workspaceId", known == null ? null : known.workspaceId(), false);
            Assertion assertion = assertion(known == null ? null : known.assertion());
            if (!complete || rule == null || organization == null || account == null || assertion == null) {
                return Optional.empty();
            }
            Optional<URI> endpoint = url == null ? Optional.empty() : uri(url);
            return url != null && endpoint.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new FederationCredential(
                            endpoint.orElse(null), rule, organization, account, workspace, assertion));
        }

        private @Nullable Assertion assertion(@Nullable Assertion before) {
            String file = given.get("assertionFile");
            String variable = given.get("assertionEnv");
            if (file == null && variable == null && before == null) {
                problem.accept("assertionFile", "is required, or assertionEnv");
                complete = false;
            }
            if (file != null) {
                return new Assertion(Place.FILE, file);
            }
            return variable == null ? before : new Assertion(Place.ENVIRONMENT, variable);
        }

        private AuthHeader header(AuthHeader otherwise) {
            return header == null ? otherwise : header;
        }

        private @Nullable Secret secret(String name, @Nullable Secret before, boolean required) {
            if (before != null && !given.containsKey(name)) {
                return before;
            }
            String text = text(name, null, required);
            return text == null ? null : Secret.of(text);
        }

        /** What was given, else what was there; an empty text stands for nothing. */
        private @Nullable String text(String name, @Nullable String before, boolean required) {
            String laid = given.getOrDefault(name, before);
            if (laid != null && !laid.isEmpty()) {
                return laid;
            }
            if (required) {
                problem.accept(
                        name,
                        name.equals("refreshToken") ? "is required where there is no clientSecret" : "is required");
                complete = false;
            }
            return null;
        }

        /** A URL that is none was noted when it was read. */
        private Optional<URI> uri(String url) {
            try {
                return Optional.of(URI.create(url));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
    }
}
