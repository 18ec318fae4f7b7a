package org.ccrelayer.account;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Tells by a hash what an account's tokens are obtained with, so that those of an earlier credential are not taken for the
 * present one's. A client's password is no part of it: tokens outlive its change. Stateless.
 */
public final class TokenOrigin {
    private TokenOrigin() {}

    /** The origin, 64 hexadecimal digits; empty for accounts that obtain no tokens. */
    public static String of(Account account) {
        AccountCredential credential = account.credential();
        if (credential instanceof OAuthCredential known) {
            Secret refreshToken = known.refreshToken();
            return hash(
                    "oauth",
                    known.tokenUrl().toString(),
                    known.clientId(),
                    refreshToken == null || !refreshToken.isReadable() ? null : refreshToken.reveal(),
                    known.scope());
        }
        if (credential instanceof FederationCredential known) {
            return hash(
                    "federation",
                    known.endpoint(account.baseUrl()).toString(),
                    known.ruleId(),
                    known.organizationId(),
                    known.serviceAccountId(),
                    known.workspaceId(),
                    known.assertion().place().name(),
                    known.assertion().name());
        }
        return "";
    }

    private static String hash(@Nullable String... parts) {
        MessageDigest digest = sha256();
        for (String part : parts) {
            byte[] bytes = part == null ? new byte[0] : part.getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(Integer.BYTES)
                    .putInt(part == null ? -1 : bytes.length)
                    .array());
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
