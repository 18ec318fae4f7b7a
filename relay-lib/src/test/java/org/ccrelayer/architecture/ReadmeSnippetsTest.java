package org.ccrelayer.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The code in documents is that of the examples, line by line. */
class ReadmeSnippetsTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern FENCE = Pattern.compile("```(java|xml)");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)\\)");

    /** Lines between fences, and the line above them. */
    private record Snippet(String introduction, List<String> lines) {}

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/spring.md"})
    void every_snippet_stands_in_the_file_that_the_line_above_it_links_to(String name) throws IOException {
        Path document = ROOT.resolve(name);
        List<Snippet> snippets = snippets(Files.readAllLines(document));
        assertThat(snippets).isNotEmpty().allSatisfy(snippet -> {
            Path source = document.resolveSibling(firstLink(snippet.introduction()));
            assertThat(position(snippet.lines(), Files.readAllLines(source)))
                    .as("%s has a snippet that is not in %s:%n%s", name, source, String.join("\n", snippet.lines()))
                    .isPresent();
        });
    }

    @Test
    void a_snippet_that_differs_in_one_place_is_not_found() {
        List<String> source = List.of("class A {", "    void b() {", "        c();", "    }", "}");
        assertThat(position(List.of("void b() {", "    c();", "}"), source)).contains(1);
        assertThat(position(List.of("void b() {", "    d();", "}"), source)).isEmpty();
        assertThat(position(List.of("void b() {", "c();", "}"), source)).isEmpty();
        assertThat(position(List.of("void b() {", "}"), source)).isEmpty();
    }

    private static List<Snippet> snippets(List<String> lines) {
        List<Snippet> found = new ArrayList<>();
        String introduction = "";
        for (int i = 0; i < lines.size(); i++) {
            if (FENCE.matcher(lines.get(i)).matches()) {
                int end = i + lines.subList(i, lines.size()).indexOf("```");
                found.add(new Snippet(introduction, lines.subList(i + 1, end)));
                i = end;
            } else if (!lines.get(i).isBlank()) {
                introduction = lines.get(i);
            }
        }
        return found;
    }

    private static String firstLink(String introduction) {
        Matcher link = LINK.matcher(introduction);
        assertThat(link.find())
                .as("a link above a snippet, in: %s", introduction)
                .isTrue();
        return link.group(1);
    }

    /** The line at which the snippet begins, however deep it is indented there. */
    private static Optional<Integer> position(List<String> snippet, List<String> source) {
        for (int i = 0; i + snippet.size() <= source.size(); i++) {
            if (flush(source.subList(i, i + snippet.size())).equals(flush(snippet))) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    private static List<String> flush(List<String> lines) {
        int depth = lines.stream()
                .filter(line -> !line.isBlank())
                .map(line -> line.length() - line.stripLeading().length())
                .min(Integer::compare)
                .orElse(0);
        return lines.stream()
                .map(line -> line.isBlank() ? "" : line.substring(depth))
                .toList();
    }
}
