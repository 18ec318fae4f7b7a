package org.ccrelayer.internal.pricing;

import java.util.List;

/** A price file that must not be used. The message lists every problem, each naming the model and the field. */
public final class PriceFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String[] problems;

    /** A file, by the words that name it, and at least one problem. */
    PriceFileException(String file, List<String> problems) {
        super(file + " cannot be used:\n- " + String.join("\n- ", problems));
        this.problems = problems.toArray(String[]::new);
    }

    /** What is wrong, one line each, in the file's order. */
    public List<String> problems() {
        return List.of(problems);
    }
}
