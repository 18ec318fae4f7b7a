package org.ccrelayer.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.ccrelayer.testkit.Manners;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The library is a guest in its host's JVM. */
class ManneredLibraryTest {
    private static final Path FORBIDDEN = Path.of("src/test/forbidden-calls");

    @Test
    void the_library_leaves_the_jvm_as_it_is() throws IOException {
        assertThat(Manners.violations(Path.of("target/classes"))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void a_forbidden_call_is_rejected(Path sample, @TempDir Path compiled) throws IOException {
        long calls = Files.readAllLines(sample).stream()
                .filter(line -> line.endsWith(" // forbidden"))
                .count();
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", compiled.toString(), "-proc:none", sample.toString()))
                .isZero();
        String rule = sample.getParent().getFileName().toString();
        assertThat(calls).isPositive();
        assertThat(Manners.violations(compiled))
                .hasSizeGreaterThanOrEqualTo((int) calls)
                .allMatch(line -> line.startsWith(rule + ": Sample -> "));
    }

    @Test
    void every_rule_has_a_forbidden_sample() throws IOException {
        assertThat(samples().stream()
                        .map(sample -> sample.getParent().getFileName().toString()))
                .containsExactlyInAnyOrderElementsOf(Manners.rules());
    }

    static List<Path> samples() throws IOException {
        try (Stream<Path> files = Files.walk(FORBIDDEN)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
