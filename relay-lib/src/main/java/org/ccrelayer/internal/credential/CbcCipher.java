package org.ccrelayer.internal.credential;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BinaryOperator;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.SCrypt;
import org.ccrelayer.account.Secret;

/**
 * The predecessor's format: AES-256-CBC, of which the hexadecimal initialization vector, a colon and the hexadecimal
 * ciphertext are kept; nothing stands for an empty text. It is not authenticated: about one wrong key in 256 yields a text
 * that means nothing, and a sealed text opens in every place of its salt. A key is derived when it is first needed, which
 * takes some 60 ms, and kept. Safe for concurrent use.
 */
final class CbcCipher {
    private static final int COST = 16_384;
    private static final int BLOCK_SIZE = 8;
    private static final int PARALLELIZATION = 1;
    private static final int KEY_BYTES = 32;
    private static final int BLOCK_BYTES = 16;

    /** From what the key of a kind of account is derived beside the encryption key. */
    enum Salt {
        OAUTH("salt"),
        CONSOLE("claude-console-salt");

        private final byte[] bytes;

        Salt(String text) {
            bytes = text.getBytes(StandardCharsets.UTF_8);
        }
    }

    private final byte[] password;
    private final BinaryOperator<byte[]> derivation;
    private final Map<Salt, SecretKeySpec> keys = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();

    CbcCipher(Secret encryptionKey) {
        this(encryptionKey, CbcCipher::scrypt);
    }

    /** Derives keys from password and salt with {@code derivation}. */
    CbcCipher(Secret encryptionKey, BinaryOperator<byte[]> derivation) {
        this.password = encryptionKey.reveal().getBytes(StandardCharsets.UTF_8);
        this.derivation = derivation;
    }

    static byte[] scrypt(byte[] password, byte[] salt) {
        return SCrypt.generate(password, salt, COST, BLOCK_SIZE, PARALLELIZATION, KEY_BYTES);
    }

    private SecretKeySpec key(Salt salt) {
        return keys.computeIfAbsent(
                salt, missing -> new SecretKeySpec(derivation.apply(password, missing.bytes), "AES"));
    }

    String seal(String text, Salt salt) {
        byte[] vector = new byte[BLOCK_BYTES];
        random.nextBytes(vector);
        return seal(text, salt, vector);
    }

    String seal(String text, Salt salt, byte[] vector) {
        if (text.isEmpty()) {
            return "";
        }
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key(salt), vector);
            byte[] sealed = cipher.doFinal(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(vector) + ":" + HexFormat.of().formatHex(sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-CBC", e);
        }
    }

    /** The text; empty where it is malformed, or was visibly sealed with another key. */
    Optional<String> open(String sealed, Salt salt) {
        if (sealed.isEmpty()) {
            return Optional.of("");
        }
        try {
            int colon = sealed.indexOf(':');
            if (colon >= 0) {
                byte[] vector = HexFormat.of().parseHex(sealed, 0, colon);
                byte[] bytes = HexFormat.of().parseHex(sealed, colon + 1, sealed.length());
                return opened(bytes, key(salt), vector);
            }
            return salt == Salt.OAUTH ? openedOldest(HexFormat.of().parseHex(sealed)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The oldest form, which is only read: key and vector are made from the password by repeated MD5. */
    private Optional<String> openedOldest(byte[] bytes) {
        byte[] made = LegacyKey.derive(password, KEY_BYTES + BLOCK_BYTES);
        byte[] vector = Arrays.copyOfRange(made, KEY_BYTES, made.length);
        return opened(bytes, new SecretKeySpec(made, 0, KEY_BYTES, "AES"), vector);
    }

    private static Optional<String> opened(byte[] bytes, SecretKeySpec key, byte[] vector) {
        if (vector.length != BLOCK_BYTES || bytes.length == 0) {
            return Optional.empty();
        }
        try {
            byte[] plain = cipher(Cipher.DECRYPT_MODE, key, vector).doFinal(bytes);
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(plain))
                    .toString());
        } catch (GeneralSecurityException | CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static Cipher cipher(int mode, SecretKeySpec key, byte[] vector) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(mode, key, new IvParameterSpec(vector));
        return cipher;
    }
}
