package org.ccrelayer.account;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A secret text, or the sealed text of one that could not be decrypted. It prints as asterisks and is compared in constant
 * time. Immutable.
 */
public final class Secret {
    private final String value;
    private final boolean readable;
    private final @Nullable String kept;
    private final @Nullable String problem;

    private Secret(String value, boolean readable, @Nullable String kept, @Nullable String problem) {
        this.value = requireNonNull(value, "value");
        this.readable = readable;
        this.kept = kept;
        this.problem = problem;
    }

    /** A secret that holds {@code value}. */
    public static Secret of(String value) {
        return new Secret(value, true, null, null);
    }

    /** A secret that stands in a store as it is and goes on doing so. */
    public static Secret literal(String kept) {
        return new Secret(kept, true, kept, null);
    }

    /** A secret that could not be decrypted, so that nobody can use it. */
    public static Secret undecryptable(String kept) {
        return new Secret(kept, false, kept, null);
    }

    /**
     * As {@link #undecryptable}, where it is for another reason that nobody can use it.
     *
     * @param problem what is wrong and what to do, in sentences for people
     */
    public static Secret unusable(String kept, String problem) {
        return new Secret(kept, false, kept, requireNonNull(problem, "problem"));
    }

    /** Why nobody can use it, where it is not that it could not be decrypted. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** Whether its text is known. */
    public boolean isReadable() {
        return readable;
    }

    /** What stands in the store for it, where that must not be sealed again. */
    public Optional<String> kept() {
        return Optional.ofNullable(kept);
    }

    /**
     * The text itself; never log it, never put it into a message.
     *
     * @throws IllegalStateException if it is not readable
     */
    public String reveal() {
        if (!readable) {
            throw new IllegalStateException("a secret that could not be decrypted has no text");
        }
        return value;
    }

    /** Whether there is no text to reveal. */
    public boolean isEmpty() {
        return !readable || value.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that
                && readable == that.readable
                && MessageDigest.isEqual(bytes(), that.bytes());
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
