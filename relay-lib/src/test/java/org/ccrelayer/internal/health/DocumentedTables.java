package org.ccrelayer.internal.health;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tables of docs/upstream-answers.md, cell by cell. */
final class DocumentedTables {
    private static final Path DOCUMENT = Path.of("..", "docs", "upstream-answers.md");
    private static final Pattern AMOUNT = Pattern.compile("(\\d+) (ms|s|min|h|d)\\b");

    private DocumentedTables() {}

    /** The rows of the table under {@code heading}, without its two lines of titles. */
    static List<List<String>> under(String heading) {
        List<List<String>> rows = new ArrayList<>();
        boolean here = false;
        for (String line : lines()) {
            if (line.startsWith("## ")) {
                here = line.equals("## " + heading);
            } else if (here && line.startsWith("|")) {
                rows.add(List.of(line.substring(1, line.length() - 1).split("\\|", -1)).stream()
                        .map(String::strip)
                        .toList());
            }
        }
        return rows.subList(2, rows.size());
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(DOCUMENT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A time such as {@code 5 h 5 min}. */
    static Duration duration(String text) {
        Duration sum = Duration.ZERO;
        Matcher amount = AMOUNT.matcher(text);
        while (amount.find()) {
            long count = Long.parseLong(amount.group(1));
            sum = sum.plus(
                    switch (amount.group(2)) {
                        case "ms" -> Duration.ofMillis(count);
                        case "s" -> Duration.ofSeconds(count);
                        case "min" -> Duration.ofMinutes(count);
                        case "h" -> Duration.ofHours(count);
                        default -> Duration.ofDays(count);
                    });
        }
        if (sum.isZero()) {
            throw new IllegalArgumentException("no time: " + text);
        }
        return sum;
    }
}
