package org.ccrelayer.internal.json;

/**
 * Is told what a {@link JsonScanner} comes across, in order. Offsets count bytes from the beginning of the document.
 * Arrays handed over belong to the scanner and hold their content only during the call. What a visitor throws ends the
 * scan and reaches the caller.
 */
public interface JsonVisitor {
    /**
     * A member's name, before its value.
     *
     * @param utf8 the name, unescaped
     * @param length its bytes; names longer than {@link JsonScanner#MAX_NAME_BYTES} come as -1
     */
    void name(byte[] utf8, int length);

    /** An object begins; {@code offset} is that of its brace. */
    void startObject(long offset);

    /** The innermost object ends; {@code offset} is that behind its brace. */
    void endObject(long offset);

    /** A list begins. */
    void startArray(long offset);

    /** The innermost list ends. */
    void endArray(long offset);

    /**
     * A text begins; {@code offset} is that of its first quote.
     *
     * @return whether the text itself is wanted, in {@link #stringPart} calls
     */
    boolean startString(long offset);

    /** The next piece of a wanted text, unescaped UTF-8; a character is never torn apart. */
    default void stringPart(byte[] utf8, int length) {}

    /**
     * The text ended.
     *
     * @param offset that behind its last quote
     * @param characters how many Unicode characters it has
     */
    void endString(long offset, long characters);

    /**
     * A number.
     *
     * @param ascii its spelling
     * @param length its bytes; numbers longer than {@link JsonScanner#MAX_NUMBER_BYTES} come as -1
     */
    void number(byte[] ascii, int length);

    /** {@code true} or {@code false}. */
    void bool(boolean value);

    /** {@code null}. */
    void nullValue();
}
