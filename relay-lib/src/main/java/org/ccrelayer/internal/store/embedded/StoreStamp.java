package org.ccrelayer.internal.store.embedded;

import org.ccrelayer.account.Secret;
import org.ccrelayer.store.SecretCipher;
import org.h2.mvstore.MVMap;

/**
 * What a store file says about itself: the version of its layout, and a sealed text by which a wrong encryption key is
 * noticed when the file is opened, not when the first account is used. Stateless.
 */
final class StoreStamp {
    private static final String META = "meta";
    private static final String LAYOUT = "layout";
    private static final String LAYOUT_VERSION = "2";
    private static final String CHECK = "check";
    private static final String CONTEXT = "meta/check";
    private static final String CHECK_TEXT = "This store belongs to the key that opens this.";

    private StoreStamp() {}

    /**
     * Stamps a new file, checks the stamp of an existing one.
     *
     * @throws IllegalStateException if the file has another layout or was written with another key
     */
    static void check(StoreFile file, SecretCipher cipher) {
        String layout = file.use(maps -> maps.of(META).get(LAYOUT));
        if (layout == null) {
            file.use(maps -> stamp(maps.of(META), cipher.seal(Secret.of(CHECK_TEXT), CONTEXT)));
            file.commit();
        } else if (!layout.equals(LAYOUT_VERSION)) {
            throw new IllegalStateException("The store file " + file.name() + " has layout " + layout
                    + "; this relay reads layout " + LAYOUT_VERSION + ". Use the relay that wrote it, or a newer one.");
        } else if (!opens(cipher, file.use(maps -> String.valueOf(maps.of(META).get(CHECK))))) {
            throw new IllegalStateException("The store " + file.name()
                    + " was written with another ENCRYPTION_KEY. Start with the ENCRYPTION_KEY it was written with,"
                    + " or move the file away to begin with an empty store.");
        }
    }

    private static boolean stamp(MVMap<String, String> meta, String sealed) {
        meta.put(LAYOUT, LAYOUT_VERSION);
        meta.put(CHECK, sealed);
        return true;
    }

    private static boolean opens(SecretCipher cipher, String sealed) {
        try {
            return cipher.open(sealed, CONTEXT).reveal().equals(CHECK_TEXT);
        } catch (IllegalStateException e) {
            return false;
        }
    }
}
