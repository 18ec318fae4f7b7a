package org.ccrelayer.internal.envelope;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What an object or a list of a request body is, as far as the content hash goes. */
enum ContentPlace {
    /** Around the body. */
    OUTSIDE,
    BODY(Name.SYSTEM, Name.MESSAGES),
    SYSTEM,
    SYSTEM_PART(Name.TEXT, Name.CACHE_CONTROL),
    MESSAGES,
    MESSAGE(Name.CONTENT, Name.CACHE_CONTROL),
    CONTENT,
    PART(Name.TYPE, Name.TEXT, Name.CACHE_CONTROL),
    /** A {@code cache_control}, of a message or of a part. */
    CACHE_CONTROL(Name.TYPE);

    /** The members that mean something here. */
    enum Name {
        SYSTEM("system"),
        MESSAGES("messages"),
        CONTENT("content"),
        TYPE("type"),
        TEXT("text"),
        CACHE_CONTROL("cache_control");

        private final byte[] ascii;

        Name(String name) {
            ascii = name.getBytes(StandardCharsets.US_ASCII);
        }

        private boolean is(byte[] name, int length) {
            return length == ascii.length && Arrays.equals(ascii, 0, length, name, 0, length);
        }
    }

    private final Name[] names;

    ContentPlace(Name... names) {
        this.names = names;
    }

    /** The member of that name, where it means something here; a length of -1 is that of a name too long to be known. */
    @Nullable
    Name name(byte[] name, int length) {
        for (Name each : names) {
            if (each.is(name, length)) {
                return each;
            }
        }
        return null;
    }

    /** What an object or a list is as the value of a member or, without a name, as an element; null where it is nothing. */
    @Nullable
    ContentPlace inner(@Nullable Name name, boolean list) {
        if (name == Name.CACHE_CONTROL) {
            return list ? null : CACHE_CONTROL;
        }
        return switch (this) {
            case OUTSIDE -> BODY;
            case BODY -> list ? ofBody(name) : null;
            case SYSTEM -> list ? null : SYSTEM_PART;
            case MESSAGES -> list ? null : MESSAGE;
            case MESSAGE -> list && name == Name.CONTENT ? CONTENT : null;
            case CONTENT -> list ? null : PART;
            case SYSTEM_PART, PART, CACHE_CONTROL -> null;
        };
    }

    private static @Nullable ContentPlace ofBody(@Nullable Name name) {
        return name == Name.SYSTEM ? SYSTEM : name == Name.MESSAGES ? MESSAGES : null;
    }
}
