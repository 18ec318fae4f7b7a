package org.ccrelayer.internal.envelope;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.ccrelayer.internal.json.JsonException;
import org.ccrelayer.internal.json.JsonScanner;
import org.ccrelayer.internal.json.JsonVisitor;
import org.jspecify.annotations.Nullable;

/**
 * The members of a user id that is a JSON object. A member that is repeated has its last value, and one that is no text is
 * empty. Reads one object. Not safe for concurrent use.
 */
final class UserIdJson implements JsonVisitor {
    private enum Name {
        DEVICE_ID,
        ACCOUNT_UUID,
        SESSION_ID
    }

    private final String[] texts = {"", "", ""};
    private final StringBuilder text = new StringBuilder();
    private int depth;
    private @Nullable Name expected;
    private @Nullable Name reading;

    /** The user id in that text; empty where it is no JSON, or lacks the device or the session. */
    static Optional<UserId> parse(String json) {
        byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
        UserIdJson found = new UserIdJson();
        try {
            JsonScanner scanner = new JsonScanner(found, utf8.length);
            scanner.feed(utf8, 0, utf8.length);
            scanner.end();
        } catch (JsonException e) {
            return Optional.empty();
        }
        String device = found.text(Name.DEVICE_ID);
        String session = found.text(Name.SESSION_ID);
        return device.isEmpty() || session.isEmpty()
                ? Optional.empty()
                : Optional.of(new UserId(device, found.text(Name.ACCOUNT_UUID), session, true));
    }

    private String text(Name name) {
        return texts[name.ordinal()];
    }

    @Override
    public void name(byte[] utf8, int length) {
        if (depth != 1) {
            return;
        }
        expected = length < 0
                ? null
                : switch (new String(utf8, 0, length, StandardCharsets.UTF_8)) {
                    case "device_id" -> Name.DEVICE_ID;
                    case "account_uuid" -> Name.ACCOUNT_UUID;
                    case "session_id" -> Name.SESSION_ID;
                    default -> null;
                };
        if (expected != null) {
            texts[expected.ordinal()] = "";
        }
    }

    @Override
    public void startObject(long offset) {
        expected = null;
        depth++;
    }

    @Override
    public void endObject(long offset) {
        depth--;
    }

    @Override
    public void startArray(long offset) {
        startObject(offset);
    }

    @Override
    public void endArray(long offset) {
        endObject(offset);
    }

    @Override
    public boolean startString(long offset) {
        reading = expected;
        expected = null;
        text.setLength(0);
        return reading != null;
    }

    @Override
    public void stringPart(byte[] utf8, int length) {
        text.append(new String(utf8, 0, length, StandardCharsets.UTF_8));
    }

    @Override
    public void endString(long offset, long characters) {
        if (reading != null) {
            texts[reading.ordinal()] = text.toString();
        }
    }

    @Override
    public void number(byte[] ascii, int length) {
        expected = null;
    }

    @Override
    public void bool(boolean value) {
        expected = null;
    }

    @Override
    public void nullValue() {
        expected = null;
    }
}
