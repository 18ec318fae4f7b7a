package org.ccrelayer.internal.store.embedded;

import static org.ccrelayer.internal.store.embedded.RecordFormat.number;
import static org.ccrelayer.internal.store.embedded.RecordFormat.text;

import java.time.Instant;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.StoredToken;
import org.ccrelayer.account.StoredToken.Access;
import org.ccrelayer.account.StoredToken.Failure;
import org.ccrelayer.account.StoredToken.Intent;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.store.SecretCipher;
import org.ccrelayer.store.SecretPlace;
import org.jspecify.annotations.Nullable;

/** The tokens of accounts as JSON, sealed like the hash of what they are obtained with. Safe for concurrent use. */
final class TokenFormat implements RecordFormat<StoredToken> {
    private final SecretCipher cipher;

    TokenFormat(SecretCipher cipher) {
        this.cipher = cipher;
    }

    @Override
    public String id(StoredToken token) {
        return token.accountId();
    }

    @Override
    public String alias(StoredToken token) {
        return token.accountId();
    }

    /** Nobody lists them. */
    @Override
    public Instant createdAt(StoredToken token) {
        return Instant.EPOCH;
    }

    @Override
    public JsonObject write(JsonObject previous, StoredToken token) {
        String id = token.accountId();
        Access access = token.access();
        return previous.with("v", VERSION)
                .with("id", id)
                .with("origin", sealed(id, "origin", Secret.of(token.origin())))
                .with("accessToken", sealed(id, "accessToken", access == null ? null : access.token()))
                .with("expiresAt", access == null ? null : access.expiresAt())
                .with("obtainedAt", access == null ? null : access.obtainedAt())
                .with("refreshToken", sealed(id, "refreshToken", token.refreshToken()))
                .with("intent", intent(token.intent()))
                .with("failure", failure(token.failure()));
    }

    private static @Nullable JsonObject intent(@Nullable Intent intent) {
        return intent == null
                ? null
                : JsonObject.empty().with("by", intent.by()).with("at", intent.at());
    }

    private static @Nullable JsonObject failure(@Nullable Failure failure) {
        return failure == null
                ? null
                : JsonObject.empty()
                        .with("problem", failure.problem())
                        .with("inARow", failure.inARow())
                        .with("againAt", failure.againAt());
    }

    @Override
    public StoredToken read(JsonObject json) {
        String id = text(json, "id");
        return new StoredToken(
                id,
                origin(opened(json, id, "origin")),
                json.has("accessToken") ? access(json, id) : null,
                json.has("refreshToken") ? opened(json, id, "refreshToken") : null,
                json.object("intent")
                        .map(intent -> new Intent(text(intent, "by"), moment(intent, "at")))
                        .orElse(null),
                json.object("failure").map(TokenFormat::failure).orElse(null));
    }

    /** A token whose origin nobody can read was obtained with nothing that is known, and is replaced. */
    private static String origin(Secret origin) {
        return origin.isReadable() ? origin.reveal() : "unreadable";
    }

    private Access access(JsonObject json, String id) {
        return new Access(opened(json, id, "accessToken"), moment(json, "expiresAt"), moment(json, "obtainedAt"));
    }

    private static Failure failure(JsonObject json) {
        return new Failure(
                text(json, "problem"),
                Math.toIntExact(number(json, "inARow")),
                json.has("againAt") ? moment(json, "againAt") : null);
    }

    private static Instant moment(JsonObject json, String name) {
        return Instant.parse(text(json, name));
    }

    private @Nullable String sealed(String id, String member, @Nullable Secret secret) {
        return secret == null ? null : cipher.seal(secret, place(id, member));
    }

    private Secret opened(JsonObject json, String id, String member) {
        return cipher.open(text(json, member), place(id, member));
    }

    private static SecretPlace place(String id, String member) {
        String path = "token/" + id + "/" + member;
        return member.equals("refreshToken") ? SecretPlace.refreshToken(path) : SecretPlace.token(path);
    }
}
