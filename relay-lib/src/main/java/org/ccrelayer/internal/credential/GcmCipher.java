package org.ccrelayer.internal.credential;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.crypto.Hkdf;

/**
 * The relay's own format: AES-256-GCM under a key derived from the encryption key. A sealed text is {@code v1.gcm:} and the
 * base64url of a random 96-bit nonce, the ciphertext and the 128-bit tag. The context is authenticated, so a sealed text does
 * not open in another place. Safe for concurrent use.
 */
final class GcmCipher {
    private static final String PREFIX = "v1.gcm:";
    private static final String PURPOSE = "relay/credential/aes-256-gcm/v1";
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecretKeySpec key;
    private final SecureRandom random = new SecureRandom();

    GcmCipher(Secret encryptionKey) {
        key = new SecretKeySpec(Hkdf.derive(encryptionKey.reveal(), PURPOSE, KEY_BYTES), "AES");
    }

    /** Whether a text says of itself that it is of this format. */
    static boolean claims(String sealed) {
        return sealed.startsWith(PREFIX);
    }

    String seal(String text, String context) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce, context);
            byte[] sealed = cipher.doFinal(text.getBytes(StandardCharsets.UTF_8));
            byte[] bytes = ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
            return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    /** The text; empty where it was sealed with another key or for another context, or was altered. */
    Optional<String> open(String sealed, String context) {
        return decoded(sealed).flatMap(bytes -> decrypted(bytes, context));
    }

    private Optional<String> decrypted(byte[] bytes, String context) {
        byte[] nonce = new byte[NONCE_BYTES];
        ByteBuffer.wrap(bytes).get(nonce);
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, nonce, context);
            byte[] plain = cipher.doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES);
            return Optional.of(new String(plain, StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static Optional<byte[]> decoded(String sealed) {
        String text = sealed.substring(PREFIX.length());
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        // One text per sealed value: bits that base64 would ignore count as altered too.
        boolean canonical =
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(text);
        return canonical && bytes.length >= NONCE_BYTES + TAG_BITS / 8 ? Optional.of(bytes) : Optional.empty();
    }

    private Cipher cipher(int mode, byte[] nonce, String context) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
