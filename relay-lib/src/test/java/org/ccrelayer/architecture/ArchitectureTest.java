package org.ccrelayer.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the plan of the house: what may use what. */
class ArchitectureTest {
    private static final Path CLASSES = Path.of("target/classes");
    private static final Path FORBIDDEN = Path.of("src/test/forbidden");

    private static List<Dependency> library;

    @BeforeAll
    static void readTheLibrary() {
        library = Dependency.in(CLASSES);
        assertThat(library).as("what jdeps read").hasSizeGreaterThan(1_000);
    }

    @Test
    void the_library_keeps_every_rule() {
        assertThat(violations(library)).isEmpty();
    }

    @Test
    void every_package_says_what_it_is() throws IOException {
        List<Path> folders = new ArrayList<>();
        for (String module : List.of(
                "relay-lib",
                "relay-servlet",
                "relay-standalone-jetty",
                "examples/simulated-claude",
                "examples/demo",
                "examples/benchmarks",
                "examples/war-on-tomcat")) {
            try (Stream<Path> sources = Files.walk(Path.of("..").resolve(module).resolve("src/main/java"))) {
                sources.filter(file -> file.toString().endsWith(".java"))
                        .map(Path::getParent)
                        .distinct()
                        .forEach(folders::add);
            }
        }
        assertThat(folders)
                .hasSizeGreaterThan(25)
                .allSatisfy(folder -> assertThat(folder.resolve("package-info.java"))
                        .content()
                        .containsPattern("^/\\*\\*\\s+(\\* )?[A-Z][^\\n]{20,}"));
    }

    @ParameterizedTest
    @MethodSource("forbiddenSamples")
    void a_forbidden_sample_is_rejected(String ruleName, @TempDir Path compiled) throws IOException {
        compile(FORBIDDEN.resolve(ruleName), compiled);
        // Using the root closes a circle as well, since the root uses everything.
        List<Dependency> withSample = new ArrayList<>(library);
        withSample.addAll(Dependency.in(compiled));
        assertThat(violations(withSample))
                .anyMatch(line -> line.startsWith(ruleName + ": "))
                .allMatch(line -> line.startsWith(ruleName + ": ") || line.startsWith("no-cycles: "));
    }

    @Test
    void every_rule_has_a_forbidden_sample() throws IOException {
        List<String> names = new ArrayList<>(Rule.all().stream().map(Rule::name).toList());
        names.add("no-cycles");
        assertThat(forbiddenSamples()).containsExactlyInAnyOrderElementsOf(names);
    }

    static List<String> forbiddenSamples() throws IOException {
        try (Stream<Path> folders = Files.list(FORBIDDEN)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private static List<String> violations(List<Dependency> dependencies) {
        List<String> broken = new ArrayList<>();
        for (Rule rule : Rule.all()) {
            dependencies.stream()
                    .filter(rule.forbids())
                    .forEach(dependency -> broken.add(rule.name() + ": " + dependency));
        }
        Cycles.among(dependencies).forEach(name -> broken.add("no-cycles: " + name));
        return broken;
    }

    private static void compile(Path sources, Path target) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> arguments = new ArrayList<>(
                List.of("-d", target.toString(), "-proc:none", "-classpath", System.getProperty("java.class.path")));
        try (Stream<Path> files = Files.walk(sources)) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(file -> arguments.add(file.toString()));
        }
        assertThat(compiler.run(null, null, null, arguments.toArray(String[]::new)))
                .isZero();
    }
}
