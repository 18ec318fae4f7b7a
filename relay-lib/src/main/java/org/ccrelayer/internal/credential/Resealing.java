package org.ccrelayer.internal.credential;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.ccrelayer.account.Secret;
import org.ccrelayer.store.Resealed;
import org.ccrelayer.store.SealedRecords;
import org.ccrelayer.store.SecretCipher;
import org.ccrelayer.store.SecretPlace;

/**
 * Seals the secrets of a store with a new key, one record after the other. Whenever it ends, it can be begun again: a record
 * that the new key opens is left alone, one that neither opens stays as it is. Not safe for concurrent use.
 */
public final class Resealing {
    private final SealedRecords records;
    private final CredentialCipher old;
    private final CredentialCipher fresh;

    /** Opens with either key and seals with {@code fresh}. */
    public Resealing(SealedRecords records, CredentialCipher old, CredentialCipher fresh) {
        this.records = requireNonNull(records, "records");
        this.old = requireNonNull(old, "old");
        this.fresh = requireNonNull(fresh, "fresh");
    }

    /**
     * What {@link #run} would come to; changes nothing.
     *
     * @throws IllegalStateException if the store belongs to neither key
     */
    public Resealed dryRun() {
        records.check(old, fresh);
        return walk(false, name -> {});
    }

    /**
     * Seals what the old key opens.
     *
     * @param done is told the name of each changed record, when it is durable
     * @throws IllegalStateException if the store belongs to neither key
     */
    public Resealed run(Consumer<String> done) {
        records.check(old, fresh);
        records.begin(fresh);
        Resealed result = walk(true, done);
        records.finish(fresh);
        return result;
    }

    private Resealed walk(boolean write, Consumer<String> done) {
        int changed = 0;
        int current = 0;
        List<String> undecryptable = new ArrayList<>();
        for (String name : records.names()) {
            BothKeys keys = new BothKeys();
            records.rewrite(name, keys, () -> write && keys.byOld > 0);
            if (keys.unopened > 0) {
                undecryptable.add(name);
            }
            if (keys.byOld > 0) {
                changed++;
                done.accept(name);
            } else if (keys.byFresh > 0 && keys.unopened == 0) {
                current++;
            }
        }
        return new Resealed(changed, current, undecryptable);
    }

    /** Opens the secrets of one record with whichever key fits, and counts. */
    private final class BothKeys implements SecretCipher {
        private int byFresh;
        private int byOld;
        private int unopened;

        @Override
        public String seal(Secret secret, SecretPlace place) {
            return fresh.seal(secret, place);
        }

        @Override
        public Secret open(String sealed, SecretPlace place) {
            if (sealed.isEmpty()) {
                return Secret.of("");
            }
            Optional<String> now = fresh.decrypted(sealed, place);
            if (now.isPresent()) {
                byFresh++;
                return Secret.of(now.get());
            }
            Optional<String> before = old.decrypted(sealed, place);
            if (before.isPresent()) {
                byOld++;
                return Secret.of(before.get());
            }
            unopened++;
            return Secret.undecryptable(sealed);
        }
    }
}
