package org.ccrelayer.servlet.war;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ccrelayer.testkit.Canaries;
import org.ccrelayer.testkit.Wait;

/** A container that runs as a process of its own. */
final class HostProcess implements AutoCloseable {
    private static final String CLASSES = "classes.log";

    /** The JVM's option that it writes down which classes it loads, in its own folder. */
    static final String LOGS_CLASSES = "-Xlog:class+load:file=" + CLASSES;

    private final Process process;
    private final Path folder;
    private final Path output;

    private HostProcess(Process process, Path folder, Path output) {
        this.process = process;
        this.folder = folder;
        this.output = output;
    }

    /** Runs a command with exactly that environment; what it prints goes to a file in {@code folder}. */
    static HostProcess run(Path folder, Map<String, String> environment, List<String> command) throws IOException {
        Path output = Files.createTempFile(folder, "host", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new HostProcess(builder.start(), folder, output);
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Everything it printed so far. */
    String output() {
        try {
            return Files.readString(output, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Everything in its logs: what it printed, and the files in its folder {@code logs}. */
    String logs() {
        StringBuilder all = new StringBuilder(output());
        Path logs = folder.resolve("logs");
        if (Files.isDirectory(logs)) {
            try (Stream<Path> files = Files.list(logs)) {
                for (Path file : files.sorted().toList()) {
                    all.append("\n== ").append(file.getFileName()).append('\n').append(Files.readString(file));
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
        return all.toString();
    }

    /** The log of the classes that were loaded. */
    String loadedClasses() throws IOException {
        return Files.readString(folder.resolve(CLASSES));
    }

    /** Waits until a line of its output matches; fails where it ends before. */
    MatchResult await(Pattern line) {
        Wait.until(
                "the container to print " + line, () -> line.matcher(output()).find() || !process.isAlive());
        return line.matcher(output())
                .results()
                .findFirst()
                .orElseThrow(() -> new AssertionError("the container ended: " + output()));
    }

    /** Asks it to end, as a service's stop does. */
    void terminate() {
        process.destroy();
    }

    /** The exit status, waited for. */
    int exitStatus() throws InterruptedException {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("the container did not end: " + output());
        }
        return process.exitValue();
    }

    /** Ends it and looks for canaries in everything that it logged. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        Canaries.assertNoneIn("what the container logged", logs());
    }
}
