package org.ccrelayer.internal.json;

import java.nio.charset.StandardCharsets;

/** Single JSON values as bytes. Stateless. */
public final class JsonText {
    private static final String NAME = "v";
    private static final int BEFORE = "{\"v\":".length();

    private JsonText() {}

    /** A text with its quotes, as UTF-8. */
    public static byte[] quoted(String text) {
        String object = JsonObject.empty().with(NAME, text).toString();
        return object.substring(BEFORE, object.length() - 1).getBytes(StandardCharsets.UTF_8);
    }
}
