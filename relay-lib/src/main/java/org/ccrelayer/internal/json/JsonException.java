package org.ccrelayer.internal.json;

/** A text that is not the JSON it should be. The message names the position or the field and quotes nothing. */
public final class JsonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A problem in words. */
    public JsonException(String message) {
        super(message);
    }
}
