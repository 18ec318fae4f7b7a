package org.ccrelayer.internal.store.embedded;

import org.ccrelayer.account.Secret;
import org.ccrelayer.store.SecretCipher;
import org.ccrelayer.store.SecretPlace;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/**
 * What a store file says about itself: the version of its layout; a sealed text by which a wrong encryption key is noticed when
 * the file is opened, not when the first account is used; another one while its secrets are being sealed with a new key; and by
 * which pepper its relay keys are hashed. Stateless.
 */
final class StoreStamp {
    private static final String META = "meta";
    private static final String LAYOUT = "layout";
    private static final String LAYOUT_VERSION = "2";
    private static final String CHECK = "check";
    private static final String NEXT = "nextCheck";
    private static final String PEPPER = "pepper";
    private static final SecretPlace PLACE = SecretPlace.text("meta/check");
    private static final Secret CHECK_TEXT = Secret.of("This store belongs to the key that opens this.");

    private StoreStamp() {}

    /**
     * Stamps a new file, checks the stamp of an existing one.
     *
     * @throws IllegalStateException if the file has another layout, was written with another key, or waits for being sealed with
     *     a new one
     */
    static void check(StoreFile file, SecretCipher cipher) {
        if (text(file, LAYOUT) == null) {
            String sealed = cipher.seal(CHECK_TEXT, PLACE);
            file.use(maps -> {
                maps.of(META).put(LAYOUT, LAYOUT_VERSION);
                return maps.of(META).put(CHECK, sealed);
            });
            file.commit();
            return;
        }
        checkLayout(file);
        if (text(file, NEXT) != null) {
            throw new IllegalStateException("The secrets of the store " + file.name()
                    + " are only partly sealed with a new ENCRYPTION_KEY. Finish that with rotate-encryption-key and the"
                    + " same keys, or go back with the keys exchanged.");
        }
        if (!opens(cipher, text(file, CHECK))) {
            throw new IllegalStateException("The store " + file.name()
                    + " was written with another ENCRYPTION_KEY. Start with the ENCRYPTION_KEY it was written with,"
                    + " or move the file away to begin with an empty store.");
        }
    }

    private static void checkLayout(StoreFile file) {
        String layout = text(file, LAYOUT);
        if (!LAYOUT_VERSION.equals(layout)) {
            throw new IllegalStateException("The store file " + file.name() + " has layout " + layout
                    + "; this relay reads layout " + LAYOUT_VERSION + ". Use the relay that wrote it, or a newer one.");
        }
    }

    /**
     * Checks that the relay keys are hashed with the pepper of that mark, and stamps the file with it; without relay keys any
     * pepper is right.
     *
     * @throws IllegalStateException if they were hashed with another one
     */
    static void checkPepper(StoreFile file, String mark) {
        String known = text(file, PEPPER);
        if (!mark.equals(known)) {
            checkPepper(file, mark, mark);
            file.use(maps -> maps.of(META).put(PEPPER, mark));
            file.commit();
        }
    }

    /**
     * Checks that the relay keys are hashed with the pepper of that mark; without relay keys any pepper is right.
     *
     * @param unknown the mark of the pepper that is in force in a file that was not stamped with one
     * @throws IllegalStateException if they were hashed with another one
     */
    static void checkPepper(StoreFile file, String mark, String unknown) {
        String stamped = text(file, PEPPER);
        boolean same = mark.equals(stamped == null ? unknown : stamped);
        if (!same && hasKeys(file)) {
            throw new IllegalStateException(
                    "The relay keys in the store " + file.name()
                            + " were hashed with another pepper. Set API_KEY_PEPPER to the one they were hashed with: the"
                            + " ENCRYPTION_KEY of the time when the first of them was issued, unless API_KEY_PEPPER was set then.");
        }
    }

    private static boolean hasKeys(StoreFile file) {
        return file.use(maps -> !maps.of(Tables.API_KEYS).isEmpty());
    }

    /**
     * Checks that the file belongs to one of two keys, also if its secrets are partly sealed with the other one.
     *
     * @throws IllegalStateException if it belongs to another key
     */
    static void check(StoreFile file, SecretCipher old, SecretCipher fresh) {
        checkLayout(file);
        String next = text(file, NEXT);
        String current = text(file, CHECK);
        if (!opens(old, current) && !opens(fresh, current)) {
            throw new IllegalStateException("The store " + file.name()
                    + " was written with a key that is neither OLD_ENCRYPTION_KEY nor ENCRYPTION_KEY.");
        }
        if (next != null && !opens(old, next) && !opens(fresh, next)) {
            throw new IllegalStateException("The secrets of the store " + file.name()
                    + " are partly sealed with a key that is neither OLD_ENCRYPTION_KEY nor ENCRYPTION_KEY."
                    + " Finish that with the keys it was begun with.");
        }
    }

    /** Marks the file as one whose secrets are being sealed with a new key, and whose relay keys keep that pepper. */
    static void begin(StoreFile file, SecretCipher fresh, String pepperMark) {
        String sealed = fresh.seal(CHECK_TEXT, PLACE);
        file.use(maps -> {
            maps.of(META).put(NEXT, sealed);
            return maps.of(META).put(PEPPER, pepperMark);
        });
        file.commit();
    }

    /** Marks the file as one of that key. */
    static void finish(StoreFile file, SecretCipher fresh) {
        String sealed = fresh.seal(CHECK_TEXT, PLACE);
        file.use(maps -> {
            MVMap<String, String> meta = maps.of(META);
            meta.put(CHECK, sealed);
            return meta.remove(NEXT);
        });
        file.commit();
    }

    private static @Nullable String text(StoreFile file, String name) {
        return file.use(maps -> maps.of(META).get(name));
    }

    private static boolean opens(SecretCipher cipher, @Nullable String sealed) {
        return sealed != null && cipher.open(sealed, PLACE).equals(CHECK_TEXT);
    }
}
