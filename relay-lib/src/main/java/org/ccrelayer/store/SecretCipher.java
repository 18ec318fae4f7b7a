package org.ccrelayer.store;

import org.ccrelayer.account.Secret;

/** Keeps secrets unreadable at rest. Safe for concurrent use. */
public interface SecretCipher {
    /**
     * The secret in a form that may be written to disk; what it was kept as where that must stay.
     *
     * @param place where it is kept; opening needs the same
     */
    String seal(Secret secret, SecretPlace place);

    /**
     * The secret that was sealed, or one that {@linkplain Secret#isReadable() cannot be read} but keeps the sealed text: it was
     * sealed with another key or for another place, or was altered.
     */
    Secret open(String sealed, SecretPlace place);
}
