package org.ccrelayer.internal.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.ccrelayer.account.Secret;

/**
 * How a relay key is kept: lower-case hexadecimal SHA-256 of the key followed by the pepper, as the predecessor keeps
 * it. Safe for concurrent use.
 */
public final class KeyHash {
    private static final String MARK_PURPOSE = "relay/api-key-pepper/mark/v1";
    private static final int MARK_BYTES = 16;

    private final byte[] pepper;
    private final String mark;

    /** Hashes with that pepper; another pepper makes every issued key unknown. */
    public KeyHash(Secret pepper) {
        this.pepper = pepper.reveal().getBytes(StandardCharsets.UTF_8);
        this.mark = HexFormat.of().formatHex(Hkdf.derive(pepper.reveal(), MARK_PURPOSE, MARK_BYTES));
    }

    /** A text by which a store notices another pepper, and from which the pepper does not follow: 32 characters. */
    public String mark() {
        return mark;
    }

    /** The hash under which {@code key} is kept: 64 characters. */
    public String of(String key) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha256.digest(pepper));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
