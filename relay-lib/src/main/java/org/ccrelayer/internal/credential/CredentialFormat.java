package org.ccrelayer.internal.credential;

import java.util.Optional;

/** How secrets are written; every format is read. */
public enum CredentialFormat {
    /** The relay's own, authenticated. */
    GCM("gcm"),
    /** The predecessor's, for a store that it reads too. */
    CBC("cbc");

    private final String id;

    CredentialFormat(String id) {
        this.id = id;
    }

    /** The format with that name in configuration, if there is one. */
    public static Optional<CredentialFormat> byId(String id) {
        for (CredentialFormat format : values()) {
            if (format.id.equals(id)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }
}
