package org.ccrelayer.internal.credential;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.credential.CbcCipher.Salt;
import org.ccrelayer.store.SecretCipher;
import org.ccrelayer.store.SecretKind;
import org.ccrelayer.store.SecretPlace;

/**
 * Seals secrets in one format and opens them in every one. What was sealed in the predecessor's format is taken for opened only
 * if it looks like what belongs into its place, since that format cannot tell a wrong key for sure. Safe for concurrent use.
 */
public final class CredentialCipher implements SecretCipher {
    private final GcmCipher gcm;
    private final CbcCipher cbc;
    private final CredentialFormat format;
    private final boolean undecryptableAsLiteral;

    /** Seals in the relay's own format, with keys derived from {@code encryptionKey}. */
    public CredentialCipher(Secret encryptionKey) {
        this(encryptionKey, CredentialFormat.GCM, false);
    }

    /**
     * Seals in that format, with keys derived from {@code encryptionKey}.
     *
     * @param undecryptableAsLiteral whether a text that cannot be decrypted is the secret itself; one in the relay's own format
     *     never is
     */
    public CredentialCipher(Secret encryptionKey, CredentialFormat format, boolean undecryptableAsLiteral) {
        this.gcm = new GcmCipher(encryptionKey);
        this.cbc = new CbcCipher(encryptionKey);
        this.format = requireNonNull(format, "format");
        this.undecryptableAsLiteral = undecryptableAsLiteral;
    }

    @Override
    public String seal(Secret secret, SecretPlace place) {
        return secret.kept().orElseGet(() -> sealed(secret.reveal(), place));
    }

    private String sealed(String text, SecretPlace place) {
        return switch (format) {
            case GCM -> gcm.seal(text, place.path());
            case CBC -> cbc.seal(text, salt(place.kind()));
        };
    }

    @Override
    public Secret open(String sealed, SecretPlace place) {
        return decrypted(sealed, place).map(Secret::of).orElseGet(() -> unopened(sealed));
    }

    private Secret unopened(String sealed) {
        return undecryptableAsLiteral && !GcmCipher.claims(sealed)
                ? Secret.literal(sealed)
                : Secret.undecryptable(sealed);
    }

    /** The text; empty where this key or this place does not open it. */
    Optional<String> decrypted(String sealed, SecretPlace place) {
        if (sealed.isEmpty()) {
            return Optional.of("");
        }
        return GcmCipher.claims(sealed)
                ? gcm.open(sealed, place.path())
                : cbc.open(sealed, salt(place.kind())).filter(place.kind()::fits);
    }

    /** The predecessor keeps API keys in console accounts only, and everything else in OAuth accounts. */
    private static Salt salt(SecretKind kind) {
        return switch (kind) {
            case API_KEY -> Salt.CONSOLE;
            case TOKEN, REFRESH_TOKEN, TEXT -> Salt.OAUTH;
        };
    }
}
