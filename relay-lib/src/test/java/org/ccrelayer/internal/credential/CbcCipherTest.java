package org.ccrelayer.internal.credential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.credential.CbcCipher.Salt;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.store.SecretPlace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts that the predecessor's software encrypted, and texts that it could not decrypt. */
class CbcCipherTest {
    private static final JsonObject VECTORS = vectors();
    private static final Secret KEY = Secret.of(VECTORS.string("encryptionKey").orElseThrow());
    private static final CbcCipher CIPHER = new CbcCipher(KEY);

    private static JsonObject vectors() {
        try (InputStream file =
                Objects.requireNonNull(CbcCipherTest.class.getResourceAsStream("/credential/vectors.json"))) {
            return JsonObject.parse(file.readAllBytes()).object("encryption").orElseThrow();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Salt salt(String text) {
        return switch (text) {
            case "salt" -> Salt.OAUTH;
            case "claude-console-salt" -> Salt.CONSOLE;
            default -> throw new AssertionError(text);
        };
    }

    static Stream<JsonObject> encrypted() {
        return VECTORS.objects("encrypt").stream();
    }

    static Stream<JsonObject> decrypted() {
        return VECTORS.objects("decryptOnly").stream();
    }

    @Test
    void theKeysAreThePredecessors() {
        JsonObject derived = VECTORS.object("derived").orElseThrow();
        assertThat(derived.names())
                .hasSize(2)
                .allSatisfy(salt -> assertThat(
                                HexFormat.of().formatHex(CbcCipher.scrypt(utf8(KEY.reveal()), utf8(salt))))
                        .isEqualTo(derived.string(salt).orElseThrow()));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("encrypted")
    void whatThePredecessorEncryptsIsDecryptedAndEncryptedTheSameWay(JsonObject vector) {
        Salt salt = salt(vector.string("salt").orElseThrow());
        String text = vector.string("plaintext").orElseThrow();
        String sealed = vector.string("ciphertext").orElseThrow();
        assertThat(CIPHER.open(sealed, salt)).contains(text);
        assertThat(CIPHER.open(sealed.toUpperCase(Locale.ROOT), salt)).contains(text);
        byte[] initial = HexFormat.of().parseHex(vector.string("iv").orElseThrow());
        assertThat(CIPHER.seal(text, salt, initial)).isEqualTo(sealed);
        String another = CIPHER.seal(text, salt);
        assertThat(another).matches("[0-9a-f]{32}:([0-9a-f]{32})+").isNotEqualTo(CIPHER.seal(text, salt));
        assertThat(CIPHER.open(another, salt)).contains(text);
    }

    @ParameterizedTest
    @MethodSource("decrypted")
    void whatThePredecessorCannotDecryptIsNotDecrypted(JsonObject vector) {
        String input = vector.string("input").orElse("");
        assertDecryptedAsThere(input, Salt.OAUTH, vector.string("claudeAccountService"));
        assertDecryptedAsThere(input, Salt.CONSOLE, vector.string("claudeConsoleService"));
    }

    /** There, an unchanged text stands for one that cannot be decrypted. */
    private static void assertDecryptedAsThere(String input, Salt salt, Optional<String> there) {
        Optional<String> here = CIPHER.open(input, salt);
        assertThat(here.orElse(input)).isEqualTo(there.orElseThrow());
        assertThat(here.isPresent()).isEqualTo(input.isEmpty() || !there.get().equals(input));
    }

    @ParameterizedTest
    @MethodSource("decrypted")
    void onRequestItIsReturnedAsThePredecessorReturnsIt(JsonObject vector) {
        String input = vector.string("input").orElse("");
        CredentialCipher lenient = new CredentialCipher(KEY, CredentialFormat.CBC, true);
        assertThat(lenient.open(input, SecretPlace.text("p")).reveal())
                .isEqualTo(vector.string("claudeAccountService").orElseThrow());
        assertThat(lenient.open(input, SecretPlace.apiKey("p")).reveal())
                .isEqualTo(vector.string("claudeConsoleService").orElseThrow());
    }

    @Test
    void theOldestFormIsReadWhereThePredecessorReadsIt() {
        JsonObject vector = VECTORS.object("legacyNoIv").orElseThrow();
        String sealed = vector.string("ciphertext").orElseThrow();
        assertThat(CIPHER.open(sealed, Salt.OAUTH))
                .isEqualTo(vector.string("claudeAccountService"))
                .isPresent();
        assertThat(CIPHER.open(sealed, Salt.CONSOLE)).isEmpty();
    }

    @Test
    void anEmptyTextStaysEmpty() {
        for (Salt salt : Salt.values()) {
            assertThat(CIPHER.seal("", salt)).isEmpty();
            assertThat(CIPHER.open("", salt)).contains("");
        }
    }

    @Test
    void aKeyIsDerivedOnceAndNotBeforeItIsNeeded() {
        AtomicInteger derivations = new AtomicInteger();
        CbcCipher cipher = new CbcCipher(KEY, (password, salt) -> {
            derivations.incrementAndGet();
            return CbcCipher.scrypt(password, salt);
        });
        assertThat(cipher.open("no colon", Salt.OAUTH)).isEmpty();
        assertThat(derivations).hasValue(0);
        for (int round = 0; round < 3; round++) {
            for (Salt salt : Salt.values()) {
                assertThat(cipher.open(cipher.seal("text", salt), salt)).contains("text");
            }
        }
        assertThat(derivations).hasValue(2);
    }

    @Test
    void aWrongKeyThatPassesThePaddingIsNoticed() throws Exception {
        CredentialCipher cipher = new CredentialCipher(KEY, CredentialFormat.CBC, false);
        SecretPlace place = SecretPlace.apiKey("p");
        CbcCipher other = new CbcCipher(Secret.of("another key"));
        int padded = 0;
        for (int round = 0; round < 4_000; round++) {
            String sealed = other.seal("sk-ant-0123456789-0123456789", Salt.CONSOLE);
            padded += passesPadding(sealed) ? 1 : 0;
            assertThat(cipher.open(sealed, place).isReadable()).isFalse();
        }
        assertThat(padded).as("wrong keys that the padding does not notice").isPositive();
    }

    private static boolean passesPadding(String sealed) throws GeneralSecurityException {
        byte[] key = HexFormat.of()
                .parseHex(VECTORS.object("derived")
                        .orElseThrow()
                        .string("claude-console-salt")
                        .orElseThrow());
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(key, "AES"),
                new IvParameterSpec(HexFormat.of().parseHex(sealed, 0, 32)));
        try {
            cipher.doFinal(HexFormat.of().parseHex(sealed, 33, sealed.length()));
            return true;
        } catch (BadPaddingException e) {
            return false;
        }
    }
}
