package org.ccrelayer.testkit;

import java.util.Locale;

/**
 * A text of each kind that must never be seen where it has no business, and that nothing else looks like. Tests use it
 * wherever they need a secret or a word of a conversation; {@link Canaries} finds it again.
 */
public enum Canary {
    RELAY_KEY("cr_"),
    UPSTREAM_KEY("sk-ant-api03-"),
    BEARER_TOKEN(""),
    ACCESS_TOKEN(""),
    REFRESH_TOKEN(""),
    ASSERTION(""),
    CLIENT_SECRET(""),
    PROXY_PASSWORD(""),
    KEY_MATERIAL(""),
    ADMIN_PASSWORD(""),
    JWT_SECRET(""),
    ENCRYPTION_KEY(""),
    PROMPT,
    ANSWER;

    /** Stands in every canary. */
    static final String MARK = "canary-7e57-";

    /** Stands in every canary that is a secret, which no client may see either. */
    static final String SECRET_MARK = MARK + "secret-";

    private final String text;

    /** Words of a conversation, which its client knows. */
    Canary() {
        text = Canary.MARK + id();
    }

    /** A secret that begins as real ones do. */
    Canary(String prefix) {
        text = prefix + Canary.SECRET_MARK + id();
    }

    private String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The text: letters, digits, hyphens and underscores, 18 at least. */
    public String text() {
        return text;
    }

    /** Another one of this kind. */
    public String text(int number) {
        return text + "-" + number;
    }
}
