package org.ccrelayer.internal.envelope;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The members of a request body that mean something to the relay. Those with a place of their own may stand there once:
 * where a name is repeated, JSON leaves open which value counts, and the upstream might take the other one.
 */
enum Member {
    MODEL("model", 256),
    STREAM("stream"),
    MAX_TOKENS("max_tokens"),
    METADATA("metadata"),
    THREAD("thread"),
    DIAGNOSTICS("diagnostics"),
    CONTAINER("container", 512),
    FALLBACK_CREDIT_TOKEN("fallback_credit_token", 4096),
    SPEED("speed", 512),
    INFERENCE_GEO("inference_geo", 512),
    SERVICE_TIER("service_tier", 512),
    SYSTEM("system"),
    TOOLS("tools"),
    MESSAGES("messages"),
    CACHE_CONTROL("cache_control"),

    USER_ID(METADATA, "user_id", 4096),
    THREAD_MESSAGE(THREAD, "previous_message_id", 512),
    DIAGNOSTICS_MESSAGE(DIAGNOSTICS, "previous_message_id", 512),
    CONTAINER_ID(CONTAINER, "id", 512),
    SKILLS(CONTAINER, "skills", 0),
    SKILL_ID(SKILLS, "skill_id", 512),
    /** In a skill; a longer text is only an unknown one. */
    SKILL_TYPE(SKILLS, "type", 32),
    CREDIT_TOKEN(FALLBACK_CREDIT_TOKEN, "token", 4096),

    /** In any object where what is named is used. */
    FILE_ID("file_id", 512),
    /** In a {@code cache_control}; a longer text is only an unknown one. */
    TTL("ttl", 8),
    /** In a content block; a longer text is only an unknown one. */
    BLOCK_TYPE("type", 32),
    /** In a content block: what a tool is called with. */
    INPUT("input"),
    /** In a content block: what an earlier answer referred to. */
    CITATIONS("citations"),
    /** In a message or a content block: its content blocks. */
    CONTENT("content");

    private static final Member[] TOP_LEVEL = Arrays.copyOfRange(values(), 0, USER_ID.ordinal());
    private static final Member[] NESTED = Arrays.copyOfRange(values(), USER_ID.ordinal(), FILE_ID.ordinal());

    private final @Nullable Member parent;
    private final byte[] utf8;
    private final String label;
    private final int maxBytes;

    Member(String name) {
        this(null, name, 0);
    }

    Member(String name, int maxBytes) {
        this(null, name, maxBytes);
    }

    Member(@Nullable Member parent, String name, int maxBytes) {
        this.parent = parent;
        this.utf8 = name.getBytes(StandardCharsets.UTF_8);
        this.label = parent == null ? name : parent.label + "." + name;
        this.maxBytes = maxBytes;
    }

    /** The top-level member of that name. */
    static @Nullable Member topLevel(byte[] name, int length) {
        for (Member member : TOP_LEVEL) {
            if (member.is(name, length)) {
                return member;
            }
        }
        return null;
    }

    /** The member of that name in that other one. */
    static @Nullable Member nested(Member parent, byte[] name, int length) {
        for (Member member : NESTED) {
            if (member.parent == parent && member.is(name, length)) {
                return member;
            }
        }
        return null;
    }

    /** Whether this is its name; a length of -1 is that of a name too long to be known. */
    boolean is(byte[] name, int length) {
        return length == utf8.length && Arrays.equals(utf8, 0, length, name, 0, length);
    }

    /** Whether its value is looked at where it is a text. */
    boolean isText() {
        return maxBytes > 0;
    }

    /** How long its text may be, in bytes of UTF-8. */
    int maxBytes() {
        return maxBytes;
    }

    /** Whether a longer text is refused; otherwise it is one that means nothing. */
    boolean bounded() {
        return this != TTL && this != BLOCK_TYPE && this != SKILL_TYPE;
    }

    /** Its name for people, with that of its parent. */
    String label() {
        return label;
    }
}
