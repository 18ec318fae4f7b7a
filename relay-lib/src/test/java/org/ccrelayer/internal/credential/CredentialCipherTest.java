package org.ccrelayer.internal.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import org.ccrelayer.account.Secret;
import org.ccrelayer.store.SecretKind;
import org.ccrelayer.store.SecretPlace;
import org.junit.jupiter.api.Test;

/** Secrets at rest. */
class CredentialCipherTest {
    private static final String PREFIX = "v1.gcm:";
    private static final SecretPlace PLACE = SecretPlace.text("account/1/email");

    private static final Secret KEY = Secret.of("an encryption key");

    private final CredentialCipher cipher = new CredentialCipher(KEY);

    @Test
    void opensWhatItSealed() {
        for (String text : new String[] {"", "x", "sk-test-0123456789", "ünïcode-鍵-😀", "long".repeat(5000)}) {
            String sealed = cipher.seal(Secret.of(text), PLACE);
            assertThat(sealed).startsWith(PREFIX).matches("v1\\.gcm:[A-Za-z0-9_-]+");
            assertThat(cipher.open(sealed, PLACE)).isEqualTo(Secret.of(text));
        }
    }

    @Test
    void aRestartedRelayOpensIt() {
        String sealed = cipher.seal(Secret.of("text"), PLACE);
        assertThat(new CredentialCipher(Secret.of("an encryption key")).open(sealed, PLACE))
                .isEqualTo(Secret.of("text"));
    }

    @Test
    void anotherKeyDoesNotOpenIt() {
        String sealed = cipher.seal(Secret.of("the-content"), PLACE);
        assertRefused(new CredentialCipher(Secret.of("another key")), sealed, PLACE);
    }

    @Test
    void itDoesNotOpenInAnotherPlace() {
        String sealed = cipher.seal(Secret.of("the-content"), PLACE);
        assertRefused(cipher, sealed, SecretPlace.text("account/2/email"));
        assertRefused(cipher, sealed, SecretPlace.text(""));
    }

    @Test
    void anyFlippedBitIsNoticed() {
        String sealed = cipher.seal(Secret.of("the-content"), PLACE);
        byte[] bytes = Base64.getUrlDecoder().decode(sealed.substring(PREFIX.length()));
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] altered = bytes.clone();
            altered[bit / 8] ^= (byte) (1 << bit % 8);
            assertRefused(
                    cipher, PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(altered), PLACE);
        }
    }

    @Test
    void anyAlteredCharacterIsNoticed() {
        String sealed = cipher.seal(Secret.of("the-content"), PLACE);
        for (int at = 0; at < sealed.length(); at++) {
            char other = sealed.charAt(at) == 'A' ? 'B' : 'A';
            assertRefused(cipher, sealed.substring(0, at) + other + sealed.substring(at + 1), PLACE);
            assertRefused(cipher, sealed.substring(0, Math.max(1, at)), PLACE);
        }
        assertRefused(cipher, sealed + "A", PLACE);
        assertRefused(cipher, sealed + "=", PLACE);
        assertRefused(cipher, "the-content", PLACE);
    }

    @Test
    void bitsThatBase64IgnoresCountAsAltered() {
        String sealed = cipher.seal(Secret.of("the-content!"), PLACE);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        String beginning = sealed.substring(0, sealed.length() - 1);
        for (char last : alphabet.toCharArray()) {
            if (!sealed.equals(beginning + last)) {
                assertRefused(cipher, beginning + last, PLACE);
            }
        }
    }

    @Test
    void noNonceIsUsedTwice() {
        Set<String> nonces = new HashSet<>();
        for (int round = 0; round < 10_000; round++) {
            nonces.add(cipher.seal(Secret.of("same"), PLACE).substring(PREFIX.length(), PREFIX.length() + 16));
        }
        assertThat(nonces).hasSize(10_000);
    }

    @Test
    void whatWasSealedInEitherFormatIsOpened() {
        Secret secret = Secret.of("sk-ant-0123456789");
        for (CredentialFormat written : CredentialFormat.values()) {
            for (SecretKind kind : SecretKind.values()) {
                SecretPlace place = new SecretPlace("account/1/field", kind);
                String sealed = new CredentialCipher(KEY, written, false).seal(secret, place);
                assertThat(sealed).doesNotContain("sk-ant");
                for (CredentialFormat other : CredentialFormat.values()) {
                    assertThat(new CredentialCipher(KEY, other, false).open(sealed, place))
                            .isEqualTo(secret);
                }
            }
        }
    }

    @Test
    void thePredecessorsFormatHasAnotherKeyForEachKindOfAccount() {
        CredentialCipher cbc = new CredentialCipher(KEY, CredentialFormat.CBC, false);
        String sealed = cbc.seal(Secret.of("sk-ant-0123456789"), SecretPlace.apiKey("p"));
        assertThat(sealed).matches("[0-9a-f]{32}:[0-9a-f]{64}");
        assertRefused(cbc, sealed, SecretPlace.token("p"));
        assertThat(cbc.seal(Secret.of(""), SecretPlace.apiKey("p"))).isEmpty();
        assertThat(cbc.open("", SecretPlace.apiKey("p"))).isEqualTo(Secret.of(""));
    }

    @Test
    void aTextThatDoesNotBelongIntoItsPlaceIsNotTakenForDecrypted() {
        CredentialCipher cbc = new CredentialCipher(KEY, CredentialFormat.CBC, false);
        for (String text : new String[] {"a key with spaces", "ünïcode", "line\nend", "x".repeat(20_000)}) {
            assertRefused(cbc, cbc.seal(Secret.of(text), SecretPlace.token("p")), SecretPlace.token("p"));
        }
        assertRefused(cbc, cbc.seal(Secret.of("nul\0"), SecretPlace.text("p")), SecretPlace.text("p"));
        String text = cbc.seal(Secret.of("a text\n\twith spaces – 鍵"), SecretPlace.text("p"));
        assertThat(cbc.open(text, SecretPlace.text("p")).isReadable()).isTrue();
    }

    @Test
    void whatCannotBeDecryptedIsASecretNobodyCanUseAndStaysAsItStands() {
        for (String text : new String[] {"sk-ant-in-the-clear", "abc:def", cipher.seal(Secret.of("x"), PLACE) + "A"}) {
            Secret secret = cipher.open(text, SecretPlace.apiKey("p"));
            assertThat(secret.isReadable()).isFalse();
            assertThat(secret.isEmpty()).isTrue();
            assertThat(secret).isNotEqualTo(Secret.of(text)).isEqualTo(cipher.open(text, SecretPlace.apiKey("p")));
            assertThat(cipher.seal(secret, SecretPlace.apiKey("p"))).isEqualTo(text);
            assertThatThrownBy(secret::reveal)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageNotContaining(text);
        }
    }

    @Test
    void onRequestItIsTheSecretItselfAndStaysAsItStands() {
        CredentialCipher lenient = new CredentialCipher(KEY, CredentialFormat.CBC, true);
        for (String text : new String[] {"sk-ant-in-the-clear", "abc:def", "a b "}) {
            Secret secret = lenient.open(text, SecretPlace.apiKey("p"));
            assertThat(secret).isEqualTo(Secret.of(text));
            assertThat(lenient.seal(secret, SecretPlace.apiKey("p"))).isEqualTo(text);
        }
        String sealed = cipher.seal(Secret.of("text"), PLACE);
        assertRefused(lenient, sealed + "A", PLACE);
        assertThat(lenient.open(sealed, PLACE)).isEqualTo(Secret.of("text"));
    }

    private static void assertRefused(CredentialCipher cipher, String sealed, SecretPlace place) {
        Secret secret = cipher.open(sealed, place);
        assertThat(secret.isReadable()).as(sealed).isFalse();
        assertThat(secret.kept()).contains(sealed);
        assertThat(secret.toString()).isEqualTo("****");
    }
}
