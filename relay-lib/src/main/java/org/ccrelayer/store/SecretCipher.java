package org.ccrelayer.store;

import org.ccrelayer.account.Secret;

/** Keeps secrets unreadable at rest. Safe for concurrent use. */
public interface SecretCipher {
    /**
     * The secret in a form that may be written to disk.
     *
     * @param context where it is kept, such as the record's id and field; opening needs the same
     */
    String seal(Secret secret, String context);

    /**
     * The secret that was sealed.
     *
     * @throws IllegalStateException if it was sealed with another key or for another context, or was altered
     */
    Secret open(String sealed, String context);
}
