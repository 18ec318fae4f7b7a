package org.ccrelayer.internal.store.redis;

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

/**
 * The tokens of an account as JSON, sealed like the hash of what they are obtained with, for the same places as in the embedded
 * store. Safe for concurrent use.
 */
final class TokenText {
    private static final int VERSION = 1;

    private final SecretCipher cipher;

    TokenText(SecretCipher cipher) {
        this.cipher = cipher;
    }

    /** What is written of a token. */
    String of(StoredToken token) {
        String id = token.accountId();
        Access access = token.access();
        return JsonObject.build()
                .with("v", VERSION)
                .with("origin", sealed(id, "origin", Secret.of(token.origin())))
                .with("accessToken", sealed(id, "accessToken", access == null ? null : access.token()))
                .with("expiresAt", access == null ? null : access.expiresAt())
                .with("obtainedAt", access == null ? null : access.obtainedAt())
                .with("refreshToken", sealed(id, "refreshToken", token.refreshToken()))
                .with("intent", intent(token.intent()))
                .with("failure", failure(token.failure()))
                .end()
                .toString();
    }

    private static @Nullable JsonObject intent(@Nullable Intent intent) {
        return intent == null
                ? null
                : JsonObject.build()
                        .with("by", intent.by())
                        .with("at", intent.at())
                        .end();
    }

    private static @Nullable JsonObject failure(@Nullable Failure failure) {
        return failure == null
                ? null
                : JsonObject.build()
                        .with("problem", failure.problem())
                        .with("inARow", failure.inARow())
                        .with("againAt", failure.againAt())
                        .end();
    }

    /** The token of an account that was written. */
    StoredToken token(String id, String text) {
        JsonObject json = JsonObject.parse(text);
        if (json.integer("v").orElse(0L) != VERSION) {
            throw new IllegalStateException(
                    "The store holds a token of another version; use the relay that wrote it, or a newer one.");
        }
        return new StoredToken(
                id,
                origin(opened(json, id, "origin")),
                json.has("accessToken") ? access(json, id) : null,
                json.has("refreshToken") ? opened(json, id, "refreshToken") : null,
                json.object("intent")
                        .map(intent -> new Intent(text(intent, "by"), moment(intent, "at")))
                        .orElse(null),
                json.object("failure").map(TokenText::failure).orElse(null));
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
                Math.toIntExact(json.integer("inARow").orElse(1L)),
                json.has("againAt") ? moment(json, "againAt") : null);
    }

    private static Instant moment(JsonObject json, String name) {
        return Instant.parse(text(json, name));
    }

    private static String text(JsonObject json, String name) {
        return json.string(name).orElseThrow(() -> new IllegalStateException("a token in the store lacks " + name));
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
