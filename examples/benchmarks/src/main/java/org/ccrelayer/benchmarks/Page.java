package org.ccrelayer.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A document with a place for results, between two comments that name it; all else in it is left alone. */
final class Page {
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
     * @param place which results go there
     * @throws IOException if it cannot be read, or has no such place
     */
    static Page in(Path file, String place) throws IOException {
        String first = "<!-- " + place + ": begin -->\n";
        String last = "<!-- " + place + ": end -->";
        String text = Files.readString(file);
        int begin = text.indexOf(first);
        int end = text.indexOf(last);
        if (begin < 0 || end < begin) {
            throw new IOException(file + " has no place for results: " + first.strip() + " and " + last);
        }
        return new Page(file, text.substring(0, begin + first.length()), text.substring(end));
    }

    /** Puts the results in place of those that were there. */
    void write(String results) throws IOException {
        Files.writeString(file, before + "\n" + results + "\n" + after);
    }
}
