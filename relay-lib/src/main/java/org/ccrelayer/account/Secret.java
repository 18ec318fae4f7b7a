package org.ccrelayer.account;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A secret text. It prints as asterisks and is compared in constant time. Immutable. */
public final class Secret {
    private final String value;

    private Secret(String value) {
        this.value = requireNonNull(value, "value");
    }

    /** A secret that holds {@code value}. */
    public static Secret of(String value) {
        return new Secret(value);
    }

    /** The text itself; never log it, never put it into a message. */
    public String reveal() {
        return value;
    }

    /** Whether it holds no text at all. */
    public boolean isEmpty() {
        return value.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that && MessageDigest.isEqual(bytes(), that.bytes());
    }

    @Override
    public int hashCode() {
        return 0;
    }

    private byte[] bytes() {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "****";
    }
}
