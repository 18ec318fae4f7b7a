package org.ccrelayer.internal.routing;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.ccrelayer.internal.envelope.RequestFacts;
import org.ccrelayer.internal.envelope.UserId;
import org.ccrelayer.session.SessionStore;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * The session that a request belongs to, as its client says it. Clients choose it freely, so that it means something within
 * one relay key only. Immutable.
 *
 * @param source where it was found
 * @param value 1 to {@value #MAX_LENGTH} ASCII letters, digits, hyphens and underscores; what the client sent where that is
 *     such a text, its SHA-256 otherwise
 * @param common what the predecessor knows the session by, under every relay key: the session in {@code metadata.user_id}, else what a
 *     session is told by that has no name; null where it does not know it, or by a name that the store does not take
 */
public record SessionIdentity(
        Source source, String value, @Nullable String common) {
    /** The header in which Claude Code names its session. */
    public static final String HEADER = "x-claude-code-session-id";

    private static final int MAX_LENGTH = 128;
    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_-]{1," + MAX_LENGTH + "}");

    /** Where a session identity comes from, in the order in which they count. */
    public enum Source {
        /** The header {@value SessionIdentity#HEADER}. */
        HEADER,
        /** {@code metadata.user_id}. */
        USER_ID,
        /** A hash of the texts with which the conversation begins. */
        CONTENT
    }

    public SessionIdentity {
        requireNonNull(source, "source");
        if (!SAFE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "value: must be 1 to " + MAX_LENGTH + " ASCII letters, digits, hyphens and underscores");
        }
    }

    /** A session of which the predecessor knows nothing. */
    public SessionIdentity(Source source, String value) {
        this(source, value, null);
    }

    /**
     * The session of a request; empty where nothing names one.
     *
     * @param contentHashAllowed whether a session may be told by its content
     */
    public static Optional<SessionIdentity> of(HttpFields headers, RequestFacts facts, boolean contentHashAllowed) {
        String header = headers.get(HEADER);
        Optional<UserId> user = Optional.ofNullable(facts.userId()).flatMap(UserId::parse);
        String common =
                user.map(UserId::sessionId).filter(SessionIdentity::mayBeKept).orElse(null);
        if (header != null && !header.isBlank()) {
            return Optional.of(new SessionIdentity(Source.HEADER, safe(header.strip()), common));
        }
        return user.map(known -> new SessionIdentity(Source.USER_ID, safe(known.sessionId()), common))
                .or(() -> Optional.ofNullable(facts.contentHash())
                        .filter(hash -> contentHashAllowed)
                        .map(hash -> new SessionIdentity(Source.CONTENT, hash, hash)));
    }

    private static boolean mayBeKept(String name) {
        return name.length() <= SessionStore.MAX_LENGTH && name.chars().noneMatch(Character::isISOControl);
    }

    private static String safe(String value) {
        return SAFE.matcher(value).matches() ? value : hash(value);
    }

    private static String hash(String value) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(value.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Names the source alone. */
    @Override
    public String toString() {
        return "SessionIdentity[" + source + "]";
    }
}
