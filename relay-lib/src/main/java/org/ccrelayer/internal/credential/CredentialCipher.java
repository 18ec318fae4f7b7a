package org.ccrelayer.internal.credential;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.crypto.Hkdf;
import org.ccrelayer.store.SecretCipher;

/**
 * Seals secrets with AES-256-GCM under a key derived from the encryption key: {@code v1.gcm:} and the base64url of a random
 * 96-bit nonce, the ciphertext and the 128-bit tag. The context is authenticated, so a sealed text does not open in
 * another place. Safe for concurrent use.
 */
public final class CredentialCipher implements SecretCipher {
    private static final String PREFIX = "v1.gcm:";
    private static final String PURPOSE = "relay/credential/aes-256-gcm/v1";
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecretKeySpec key;
    private final SecureRandom random = new SecureRandom();

    /** Seals and opens with a key derived from {@code encryptionKey}. */
    public CredentialCipher(Secret encryptionKey) {
        key = new SecretKeySpec(Hkdf.derive(encryptionKey.reveal(), PURPOSE, KEY_BYTES), "AES");
    }

    @Override
    public String seal(Secret secret, String context) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce, context);
            byte[] sealed = cipher.doFinal(secret.reveal().getBytes(StandardCharsets.UTF_8));
            byte[] bytes = ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
            return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    @Override
    public Secret open(String sealed, String context) {
        try {
            byte[] bytes = decoded(sealed);
            byte[] nonce = new byte[NONCE_BYTES];
            ByteBuffer.wrap(bytes).get(nonce);
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, nonce, context);
            byte[] plain = cipher.doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES);
            return Secret.of(new String(plain, StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw unopened();
        }
    }

    private static byte[] decoded(String sealed) {
        if (!sealed.startsWith(PREFIX)) {
            throw unopened();
        }
        String text = sealed.substring(PREFIX.length());
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw unopened();
        }
        // One text per sealed value: bits that base64 would ignore count as altered too.
        boolean canonical =
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(text);
        if (!canonical || bytes.length < NONCE_BYTES + TAG_BITS / 8) {
            throw unopened();
        }
        return bytes;
    }

    private static IllegalStateException unopened() {
        return new IllegalStateException(
                "A sealed secret cannot be opened: it was sealed with another key or for another place, or was altered.");
    }

    private Cipher cipher(int mode, byte[] nonce, String context) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
