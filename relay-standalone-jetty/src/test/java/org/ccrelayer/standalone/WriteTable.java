package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The predecessor's keys that the document on migration says traffic writes. Stateless. */
final class WriteTable {
    private static final Path DOCUMENT = Path.of("..", "docs", "migration.md");

    /** Rows of the table that tell of traffic alone; those without a first column belong to what is settled. */
    private static final List<String> TRAFFIC =
            List.of("| a request ", "| |", "| a key is first used ", "| a session is answered ");

    private static final Pattern NAME = Pattern.compile("`([a-z_]+:[^`]+)`");

    /** Days, months, hours, weeks and minutes. */
    private static final List<String> PERIODS =
            List.of("\\d{4}-\\d\\d", "\\d{4}-\\d\\d-\\d\\d", "\\d{4}-\\d\\d-\\d\\dT\\d\\d", "\\d\\d", "\\d{8}");

    private WriteTable() {}

    /**
     * Which keys traffic may write.
     *
     * @param ids the relay keys, accounts, models and sessions that took part
     */
    static Predicate<String> of(Collection<String> ids) throws IOException {
        String any = Stream.concat(ids.stream().map(Pattern::quote), PERIODS.stream())
                .collect(Collectors.joining("|", "\\E(?:", ")\\Q"));
        List<Pattern> patterns = names().stream()
                .map(name -> Pattern.compile("\\Q" + name.replace("{}", any).replace("*", "\\E[^:]+\\Q") + "\\E"))
                .toList();
        assertThat(patterns).hasSizeGreaterThan(50);
        return key -> patterns.stream().anyMatch(pattern -> pattern.matcher(key).matches());
    }

    private static List<String> names() throws IOException {
        List<String> names = new ArrayList<>(List.of("apikey:{}"));
        boolean table = false;
        for (String line : Files.readAllLines(DOCUMENT)) {
            table = line.startsWith("| change |") || table && line.startsWith("|");
            boolean told = table && TRAFFIC.stream().anyMatch(line::startsWith);
            Matcher name = NAME.matcher(told ? line.replaceAll("`[a-z]+[A-Z]\\w*`", "") : "");
            while (name.find()) {
                names.add(name.group(1).replace("{session}", "{}").replace("{id}", "{}"));
            }
        }
        return names;
    }
}
