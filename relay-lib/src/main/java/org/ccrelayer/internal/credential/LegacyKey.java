package org.ccrelayer.internal.credential;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * OpenSSL's EVP_BytesToKey with MD5, one round and no salt, as Node's {@code createDecipher} had it. Only what the predecessor
 * wrote in its first days was made with it. Stateless.
 */
final class LegacyKey {
    private static final int HASH_BYTES = 16;

    private LegacyKey() {}

    static byte[] derive(byte[] password, int bytes) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            byte[] made = new byte[0];
            byte[] last = new byte[0];
            while (made.length < bytes) {
                md5.update(last);
                last = md5.digest(password);
                made = Arrays.copyOf(made, made.length + HASH_BYTES);
                System.arraycopy(last, 0, made, made.length - HASH_BYTES, HASH_BYTES);
            }
            return Arrays.copyOf(made, bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
