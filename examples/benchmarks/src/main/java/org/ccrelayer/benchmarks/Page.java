package org.ccrelayer.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A document with a place for results, between two comments; all else in it is left alone. */
final class Page {
    private static final String BEGIN = "<!-- results: begin -->\n";
    private static final String END = "<!-- results: end -->";

    private final Path file;
    private final String before;
    private final String after;

    private Page(Path file, String before, String after) {
        this.file = file;
        this.before = before;
        this.after = after;
    }

    /**
     * The document in that file, checked before anything is measured for it.
     *
     * @throws IOException if it cannot be read, or has no such place
     */
    static Page in(Path file) throws IOException {
        String text = Files.readString(file);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(file + " has no place for results: " + BEGIN.strip() + " and " + END);
        }
        return new Page(file, text.substring(0, begin + BEGIN.length()), text.substring(end));
    }

    /** Puts the results in place of those that were there. */
    void write(String results) throws IOException {
        Files.writeString(file, before + "\n" + results + "\n" + after);
    }
}
