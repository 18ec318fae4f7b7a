package org.ccrelayer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.ccrelayer.internal.credential.CredentialFormat;
import org.ccrelayer.internal.credential.Resealing;
import org.ccrelayer.internal.crypto.KeyHash;
import org.ccrelayer.internal.store.embedded.EmbeddedRecords;
import org.ccrelayer.store.Resealed;
import org.ccrelayer.store.SealedRecords;

/**
 * Seals the secrets of a store with a new encryption key: from {@link ConfigKey#OLD_ENCRYPTION_KEY} to {@link
 * ConfigKey#ENCRYPTION_KEY}. Relay keys stay valid, since they go on being hashed with {@link ConfigKey#API_KEY_PEPPER}. The
 * store must be closed. Whenever it ends, it can be begun again, with the same keys or, to go back, with the keys exchanged; until
 * it is finished no relay opens the store. Methods throw an {@link IllegalStateException} if the store is in use or belongs to
 * neither key. Used by one thread.
 */
public final class KeyRotation {
    private final RelayConfig config;

    private KeyRotation(RelayConfig config) {
        this.config = config;
    }

    /**
     * A rotation of the store in {@link ConfigKey#DATA_DIR}.
     *
     * @throws RelayConfigException if a key, the pepper or the folder is missing
     */
    public static KeyRotation of(RelayConfig config) {
        List<String> problems = new ArrayList<>();
        if (config.optionalText(ConfigKey.OLD_ENCRYPTION_KEY).isEmpty()) {
            problems.add(ConfigKey.OLD_ENCRYPTION_KEY.label()
                    + ": is required; set it, or name a file that holds it in OLD_ENCRYPTION_KEY_FILE");
        } else if (config.secret(ConfigKey.OLD_ENCRYPTION_KEY).equals(config.secret(ConfigKey.ENCRYPTION_KEY))) {
            problems.add(
                    ConfigKey.OLD_ENCRYPTION_KEY.label() + ": is the same as ENCRYPTION_KEY, which must be a new one");
        }
        if (config.optionalText(ConfigKey.API_KEY_PEPPER).isEmpty()) {
            problems.add(ConfigKey.API_KEY_PEPPER.label()
                    + ": is required, or every issued relay key would become unknown; set it to the old ENCRYPTION_KEY, or"
                    + " leave it as it is where it was set before, here and for the relay");
        }
        if (config.path(ConfigKey.DATA_DIR).isEmpty()) {
            problems.add(ConfigKey.DATA_DIR.label() + ": is required; set it to the store's folder");
        }
        if (!problems.isEmpty()) {
            throw new RelayConfigException(problems);
        }
        return new KeyRotation(config);
    }

    /** What {@link #run} would come to; changes nothing. */
    public Resealed dryRun() {
        return with(Resealing::dryRun);
    }

    /**
     * Seals what the old key opens.
     *
     * @param done is told the name of each changed record, when it is durable
     */
    public Resealed run(Consumer<String> done) {
        return with(resealing -> resealing.run(done));
    }

    private Resealed with(Function<Resealing, Resealed> work) {
        String mark = ConfiguredSecrets.keyHash(config).mark();
        String oldMark = new KeyHash(config.secret(ConfigKey.OLD_ENCRYPTION_KEY)).mark();
        try (SealedRecords records = EmbeddedRecords.open(Path.of(config.text(ConfigKey.DATA_DIR)), mark, oldMark)) {
            return work.apply(new Resealing(
                    records,
                    ConfiguredSecrets.cipher(config, ConfigKey.OLD_ENCRYPTION_KEY, CredentialFormat.GCM),
                    ConfiguredSecrets.cipher(config, CredentialFormat.GCM)));
        }
    }
}
