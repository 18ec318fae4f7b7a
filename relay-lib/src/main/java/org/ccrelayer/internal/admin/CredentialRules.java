package org.ccrelayer.internal.admin;

import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.ccrelayer.account.AccountCredential;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.BearerCredential;
import org.ccrelayer.account.FederationCredential;
import org.ccrelayer.account.FederationCredential.Assertion.Place;
import org.ccrelayer.account.OAuthCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.network.EndpointGuard;
import org.jspecify.annotations.Nullable;

/**
 * Which credentials an account may have.
 *
 * @param urls decides where token endpoints may stand
 */
record CredentialRules(EndpointGuard urls) {
    private static final Pattern VISIBLE = Pattern.compile("[\\x20-\\x7e]{1,256}");
    private static final Pattern LONG_VISIBLE = Pattern.compile("[\\x20-\\x7e]{1,16384}");
    private static final Pattern SCOPE =
            Pattern.compile("(?=.{1,1000}$)[\\x21\\x23-\\x5b\\x5d-\\x7e]+( [\\x21\\x23-\\x5b\\x5d-\\x7e]+)*");
    private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}");
    private static final Pattern WORKSPACE = Pattern.compile("default|wrkspc_[A-Za-z0-9]{1,100}");
    private static final Pattern ABSOLUTE = Pattern.compile("(?=.{2,1000}$)(/(?!\\.{1,2}(/|$))[^/\\p{Cntrl}]+)+");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,199}");

    /** What is wrong with one value of a credential, by the field's name. */
    Optional<String> problem(String field, String value) {
        return switch (field) {
            case "apiKey", "token" -> FieldRules.credential(value);
            case "tokenUrl" -> FieldRules.endpoint(urls, value);
            case "clientId", "clientSecret" ->
                unless(VISIBLE.matcher(value).matches(), "must be 1 to 256 printable ASCII characters");
            case "refreshToken" ->
                unless(LONG_VISIBLE.matcher(value).matches(), "must be 1 to 16384 printable ASCII characters");
            case "scope" ->
                unless(
                        SCOPE.matcher(value).matches(),
                        "must be words with one space between them, at most 1000 printable ASCII characters");
            case "federationRuleId" -> id("fdrl_", value);
            case "serviceAccountId" -> id("svac_", value);
            case "organizationId" -> unless(UUID.matcher(value).matches(), "must be a UUID");
            case "workspaceId" ->
                unless(WORKSPACE.matcher(value).matches(), "must begin with wrkspc_, or be the word default");
            case "assertionFile" ->
                unless(
                        ABSOLUTE.matcher(value).matches(),
                        "must be an absolute path of at most 1000 characters without dot segments");
            case "assertionEnv" ->
                unless(VARIABLE.matcher(value).matches(), "must be the name of an environment variable");
            default -> Optional.empty();
        };
    }

    private static Optional<String> id(String prefix, String value) {
        boolean right =
                value.startsWith(prefix) && value.substring(prefix.length()).matches("[A-Za-z0-9]{1,100}");
        return unless(right, "must begin with " + prefix);
    }

    private static Optional<String> unless(boolean right, String problem) {
        return right ? Optional.empty() : Optional.of(problem);
    }

    /** Notes what is wrong with a credential. */
    void check(AccountCredential credential, Problems problems) {
        BiConsumer<String, @Nullable String> check = (field, value) -> {
            if (value != null) {
                problems.add(field, problem(field, value));
            }
        };
        if (credential instanceof ApiKeyCredential known) {
            check.accept("apiKey", text(known.key()));
        } else if (credential instanceof BearerCredential known) {
            check.accept("token", text(known.token()));
        } else if (credential instanceof OAuthCredential known) {
            check(known, check);
        } else if (credential instanceof FederationCredential known) {
            check(known, check);
        }
    }

    private static void check(OAuthCredential credential, BiConsumer<String, @Nullable String> check) {
        check.accept("tokenUrl", credential.tokenUrl().toString());
        check.accept("clientId", credential.clientId());
        check.accept("clientSecret", text(credential.clientSecret()));
        check.accept("refreshToken", text(credential.refreshToken()));
        check.accept("scope", credential.scope());
    }

    private static @Nullable String text(@Nullable Secret secret) {
        return secret == null || !secret.isReadable() ? null : secret.reveal();
    }

    private static void check(FederationCredential credential, BiConsumer<String, @Nullable String> check) {
        check.accept(
                "tokenUrl",
                credential.tokenUrl() == null ? null : credential.tokenUrl().toString());
        check.accept("federationRuleId", credential.ruleId());
        check.accept("organizationId", credential.organizationId());
        check.accept("serviceAccountId", credential.serviceAccountId());
        check.accept("workspaceId", credential.workspaceId());
        boolean inFile = credential.assertion().place() == Place.FILE;
        check.accept(
                inFile ? "assertionFile" : "assertionEnv",
                credential.assertion().name());
    }
}
