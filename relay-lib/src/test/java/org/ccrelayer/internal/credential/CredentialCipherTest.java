package org.ccrelayer.internal.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import org.ccrelayer.account.Secret;
import org.junit.jupiter.api.Test;

/** Secrets at rest. */
class CredentialCipherTest {
    private static final String PREFIX = "v1.gcm:";
    private static final String CONTEXT = "account/1/apiKey";

    private final CredentialCipher cipher = new CredentialCipher(Secret.of("an encryption key"));

    @Test
    void opensWhatItSealed() {
        for (String text : new String[] {"", "x", "sk-test-0123456789", "ünïcode-鍵-😀", "long".repeat(5000)}) {
            String sealed = cipher.seal(Secret.of(text), CONTEXT);
            assertThat(sealed).startsWith(PREFIX).matches("v1\\.gcm:[A-Za-z0-9_-]+");
            assertThat(cipher.open(sealed, CONTEXT)).isEqualTo(Secret.of(text));
        }
    }

    @Test
    void aRestartedRelayOpensIt() {
        String sealed = cipher.seal(Secret.of("text"), CONTEXT);
        assertThat(new CredentialCipher(Secret.of("an encryption key")).open(sealed, CONTEXT))
                .isEqualTo(Secret.of("text"));
    }

    @Test
    void anotherKeyDoesNotOpenIt() {
        String sealed = cipher.seal(Secret.of("the-content"), CONTEXT);
        assertRefused(new CredentialCipher(Secret.of("another key")), sealed, CONTEXT);
    }

    @Test
    void itDoesNotOpenInAnotherPlace() {
        String sealed = cipher.seal(Secret.of("the-content"), CONTEXT);
        assertRefused(cipher, sealed, "account/2/apiKey");
        assertRefused(cipher, sealed, "");
    }

    @Test
    void anyFlippedBitIsNoticed() {
        String sealed = cipher.seal(Secret.of("the-content"), CONTEXT);
        byte[] bytes = Base64.getUrlDecoder().decode(sealed.substring(PREFIX.length()));
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] altered = bytes.clone();
            altered[bit / 8] ^= (byte) (1 << bit % 8);
            assertRefused(
                    cipher, PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(altered), CONTEXT);
        }
    }

    @Test
    void anyAlteredCharacterIsNoticed() {
        String sealed = cipher.seal(Secret.of("the-content"), CONTEXT);
        for (int at = 0; at < sealed.length(); at++) {
            char other = sealed.charAt(at) == 'A' ? 'B' : 'A';
            assertRefused(cipher, sealed.substring(0, at) + other + sealed.substring(at + 1), CONTEXT);
            assertRefused(cipher, sealed.substring(0, at), CONTEXT);
        }
        assertRefused(cipher, sealed + "A", CONTEXT);
        assertRefused(cipher, sealed + "=", CONTEXT);
        assertRefused(cipher, "the-content", CONTEXT);
    }

    @Test
    void bitsThatBase64IgnoresCountAsAltered() {
        String sealed = cipher.seal(Secret.of("the-content!"), CONTEXT);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        String beginning = sealed.substring(0, sealed.length() - 1);
        for (char last : alphabet.toCharArray()) {
            if (!sealed.equals(beginning + last)) {
                assertRefused(cipher, beginning + last, CONTEXT);
            }
        }
    }

    @Test
    void noNonceIsUsedTwice() {
        Set<String> nonces = new HashSet<>();
        for (int round = 0; round < 10_000; round++) {
            nonces.add(cipher.seal(Secret.of("same"), CONTEXT).substring(PREFIX.length(), PREFIX.length() + 16));
        }
        assertThat(nonces).hasSize(10_000);
    }

    private static void assertRefused(CredentialCipher cipher, String sealed, String context) {
        assertThatThrownBy(() -> cipher.open(sealed, context))
                .isInstanceOf(IllegalStateException.class)
                .hasNoCause()
                .hasMessageNotContaining("the-content")
                .hasMessageNotContaining("v1.gcm");
    }
}
