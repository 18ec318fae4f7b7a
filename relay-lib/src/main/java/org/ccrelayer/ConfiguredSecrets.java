package org.ccrelayer;

import org.ccrelayer.internal.credential.CredentialCipher;
import org.ccrelayer.internal.credential.CredentialFormat;
import org.ccrelayer.internal.crypto.KeyHash;

/** How a configuration wants credentials sealed and relay keys hashed. Stateless. */
final class ConfiguredSecrets {
    private ConfiguredSecrets() {}

    /** Seals credentials; in {@code suited} where the configuration names no format. */
    static CredentialCipher cipher(RelayConfig config, CredentialFormat suited) {
        return cipher(config, ConfigKey.ENCRYPTION_KEY, suited);
    }

    /** Seals credentials in that format, whichever is configured. */
    static CredentialCipher fixedCipher(RelayConfig config, CredentialFormat format) {
        return new CredentialCipher(
                config.secret(ConfigKey.ENCRYPTION_KEY), format, config.enabled(ConfigKey.UNDECRYPTABLE_AS_LITERAL));
    }

    /** As {@link #cipher(RelayConfig, CredentialFormat)}, with the key of that setting. */
    static CredentialCipher cipher(RelayConfig config, ConfigKey key, CredentialFormat suited) {
        return new CredentialCipher(
                config.secret(key),
                config.optionalText(ConfigKey.CREDENTIAL_FORMAT)
                        .flatMap(CredentialFormat::byId)
                        .orElse(suited),
                config.enabled(ConfigKey.UNDECRYPTABLE_AS_LITERAL));
    }

    /** Hashes relay keys. */
    static KeyHash keyHash(RelayConfig config) {
        boolean own = config.optionalText(ConfigKey.API_KEY_PEPPER).isPresent();
        return new KeyHash(config.secret(own ? ConfigKey.API_KEY_PEPPER : ConfigKey.ENCRYPTION_KEY));
    }
}
