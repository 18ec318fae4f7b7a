package org.ccrelayer.internal.crypto;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HKDF with SHA-256 (RFC 5869): one key per purpose out of one secret, so that no two purposes ever share a key. Stateless.
 */
public final class Hkdf {
    private static final String HMAC = "HmacSHA256";
    private static final int HASH_BYTES = 32;

    private Hkdf() {}

    /**
     * A key for one purpose.
     *
     * @param secret the input keying material
     * @param purpose the label that sets this key apart (the RFC's info)
     * @param bytes length of the key, 1 to 8160
     */
    public static byte[] derive(String secret, String purpose, int bytes) {
        return derive(
                secret.getBytes(StandardCharsets.UTF_8),
                new byte[HASH_BYTES],
                purpose.getBytes(StandardCharsets.UTF_8),
                bytes);
    }

    static byte[] derive(byte[] secret, byte[] salt, byte[] info, int bytes) {
        if (bytes < 1 || bytes > 255 * HASH_BYTES) {
            throw new IllegalArgumentException("bytes: must be 1 to 8160");
        }
        byte[] pseudoRandomKey = hmac(salt.length == 0 ? new byte[HASH_BYTES] : salt, secret);
        byte[] key = new byte[bytes];
        byte[] block = new byte[0];
        for (int written = 0, counter = 1; written < bytes; written += HASH_BYTES, counter++) {
            block = hmac(pseudoRandomKey, block, info, new byte[] {(byte) counter});
            System.arraycopy(block, 0, key, written, Math.min(HASH_BYTES, bytes - written));
        }
        return key;
    }

    private static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }
}
