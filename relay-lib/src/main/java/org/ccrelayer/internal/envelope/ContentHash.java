package org.ccrelayer.internal.envelope;

import java.nio.charset.StandardCharsets;
import org.ccrelayer.internal.envelope.ContentPlace.Name;
import org.jspecify.annotations.Nullable;

/**
 * Reads along with a scan the texts by which the predecessor tells conversations apart, and hashes the first of these that
 * is not empty:
 *
 * <ol>
 *   <li>the texts of the ephemeral parts of {@code system}, and behind them, where anything in {@code messages} is
 *       ephemeral, the text of the first message that has one
 *   <li>the text of {@code system}
 *   <li>the text of the first message
 * </ol>
 *
 * <p>Members may come in any order and, below the top level, be repeated; the last one counts. A text that is not a string
 * counts as missing. Where {@code messages} come before a {@code system} with ephemeral parts, and the text of the message
 * is longer than {@value #MESSAGE_BYTES} bytes, its hash stands in its place. Refuses nothing; memory does not grow with
 * the body. Not safe for concurrent use.
 */
final class ContentHash {
    /** How much of a message's text is kept for a system that may still come. */
    static final int MESSAGE_BYTES = 16 * 1024;

    private static final int SYSTEM_BYTES = 4 * 1024;
    private static final byte[] EPHEMERAL = ascii("ephemeral");
    private static final byte[] TEXT = ascii("text");

    private final HashedText system = new HashedText(SYSTEM_BYTES);
    private final HashedText ephemeralSystem = new HashedText(SYSTEM_BYTES);
    private final HashedText message = new HashedText(MESSAGE_BYTES);
    private ContentPlace place = ContentPlace.OUTSIDE;
    private ContentPlace controlled = ContentPlace.OUTSIDE;
    /** How many objects and lists are open inside the place that mean nothing. */
    private int skipped;

    private @Nullable Name expected;
    private @Nullable Name textOf;
    private boolean hashing;

    private int index = -1;
    private boolean systemSeen;
    private boolean messageFound;
    private boolean messageIsFirst;
    private boolean messagesEphemeral;

    // Of the message, the part and the cache_control that are read now.
    private boolean contentIsText;
    private boolean contentEphemeral;
    private boolean messageEphemeral;
    private boolean partIsText;
    private boolean partEphemeral;
    private boolean controlEphemeral;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    void name(byte[] utf8, int length) {
        if (skipped > 0) {
            return;
        }
        Name name = place.name(utf8, length);
        expected = name;
        if (name != null) {
            begin(name);
        }
    }

    /** Forgets what an earlier member of that name said. */
    private void begin(Name name) {
        switch (name) {
            case SYSTEM -> systemSeen = true;
            case MESSAGES -> {
                if (systemSeen) {
                    message.follow(ephemeralSystem);
                }
            }
            case CONTENT -> {
                contentIsText = false;
                contentEphemeral = false;
                forgetMessage();
            }
            case TEXT -> takeBack();
            case TYPE -> {
                if (place == ContentPlace.PART) {
                    partIsText = false;
                } else {
                    controlEphemeral = false;
                }
            }
            case CACHE_CONTROL -> ephemeral(false);
        }
    }

    private void forgetMessage() {
        if (!messageFound) {
            message.clear();
        }
    }

    private void takeBack() {
        if (place == ContentPlace.SYSTEM_PART) {
            system.takeBack();
            ephemeralSystem.takeBack();
        } else if (!messageFound) {
            message.takeBack();
        }
    }

    private void ephemeral(boolean value) {
        if (controlledNow() == ContentPlace.MESSAGE) {
            messageEphemeral = value;
        } else {
            partEphemeral = value;
        }
    }

    private ContentPlace controlledNow() {
        return place == ContentPlace.CACHE_CONTROL ? controlled : place;
    }

    /** An object or a list begins. */
    void open(boolean list) {
        Name name = value();
        ContentPlace inner = skipped > 0 ? null : place.inner(name, list);
        if (inner == null || inner == ContentPlace.MESSAGE && messageFound && messagesEphemeral) {
            skipped++;
            return;
        }
        switch (inner) {
            case SYSTEM_PART -> partEphemeral = false;
            case MESSAGE -> {
                messageEphemeral = false;
                contentIsText = false;
                contentEphemeral = false;
                forgetMessage();
            }
            case PART -> {
                partEphemeral = false;
                partIsText = false;
            }
            case CACHE_CONTROL -> {
                controlled = place;
                controlEphemeral = false;
            }
            default -> {}
        }
        place = inner;
    }

    /** The innermost object or list ended. */
    void close() {
        if (skipped > 0) {
            skipped--;
            return;
        }
        place = switch (place) {
            case OUTSIDE, BODY -> ContentPlace.OUTSIDE;
            case SYSTEM, MESSAGES -> ContentPlace.BODY;
            case SYSTEM_PART -> {
                endSystemPart();
                yield ContentPlace.SYSTEM;
            }
            case MESSAGE -> {
                endMessage();
                yield ContentPlace.MESSAGES;
            }
            case CONTENT -> ContentPlace.MESSAGE;
            case PART -> {
                endPart();
                yield ContentPlace.CONTENT;
            }
            case CACHE_CONTROL -> {
                ephemeral(controlEphemeral);
                yield controlled;
            }
        };
    }

    private void endSystemPart() {
        system.keep();
        if (partEphemeral) {
            ephemeralSystem.keep();
        } else {
            ephemeralSystem.takeBack();
        }
    }

    private void endPart() {
        contentEphemeral |= partEphemeral;
        if (messageFound) {
            return;
        }
        if (partIsText) {
            message.keep();
        } else {
            message.takeBack();
        }
    }

    private void endMessage() {
        messagesEphemeral |= contentIsText ? messageEphemeral : contentEphemeral;
        if (!messageFound && !message.isEmpty()) {
            messageFound = true;
            messageIsFirst = index == 0;
        }
    }

    /** A text begins; whether it is wanted. */
    boolean startText() {
        Name name = value();
        if (name == null) {
            return false;
        }
        switch (name) {
            case SYSTEM -> hashing = true;
            case TEXT -> hashing = place == ContentPlace.SYSTEM_PART || !messageFound;
            case CONTENT -> {
                contentIsText = true;
                hashing = !messageFound;
            }
            default -> hashing = false;
        }
        textOf = name;
        return hashing || name == Name.TYPE;
    }

    /** Whether the pieces of the text are for {@link #textPart}. */
    boolean hashing() {
        return hashing;
    }

    void textPart(byte[] utf8, int length) {
        if (place == ContentPlace.SYSTEM_PART) {
            ephemeralSystem.append(utf8, length);
        }
        if (place == ContentPlace.PART || place == ContentPlace.MESSAGE) {
            message.append(utf8, length);
        } else if (ephemeralSystem.isEmpty()) {
            system.append(utf8, length);
        }
    }

    /** The text ended; {@code text} holds it only where it was wanted and is not hashed. */
    void endText(ValueText text) {
        Name name = textOf;
        if (name == null) {
            return;
        }
        textOf = null;
        if (name == Name.TYPE && place == ContentPlace.PART) {
            partIsText = text.is(TEXT);
        } else if (name == Name.TYPE) {
            controlEphemeral = text.is(EPHEMERAL);
        } else if (name == Name.SYSTEM) {
            system.keep();
        } else if (name == Name.CONTENT && hashing) {
            message.keep();
        }
        hashing = false;
    }

    /** A value that is neither text nor object nor list. */
    void scalar() {
        value();
    }

    /** A value begins; what it is the value of, where that means something. */
    private @Nullable Name value() {
        if (skipped > 0) {
            return null;
        }
        if (place == ContentPlace.MESSAGES) {
            index++;
        }
        Name name = expected;
        expected = null;
        return name;
    }

    /** The hash of a body that is complete, as 32 hexadecimal digits; null where it has no text. */
    @Nullable
    String hash() {
        if (messagesEphemeral && messageFound) {
            return ephemeralHash();
        }
        if (!ephemeralSystem.isEmpty()) {
            return ephemeralSystem.hash();
        }
        if (!system.isEmpty()) {
            return system.hash();
        }
        return messageFound && messageIsFirst ? message.hash() : null;
    }

    private String ephemeralHash() {
        if (!message.follow(ephemeralSystem) && !ephemeralSystem.isEmpty()) {
            byte[] standIn = ascii(message.hash());
            ephemeralSystem.append(standIn, standIn.length);
            ephemeralSystem.keep();
            return ephemeralSystem.hash();
        }
        return message.hash();
    }
}
