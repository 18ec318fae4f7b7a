package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ccrelayer.testkit.Canaries;
import org.ccrelayer.testkit.RelayFixture;
import org.ccrelayer.testkit.Wait;
import org.jspecify.annotations.Nullable;

/** The relay as a process of its own, on a free port of loopback. */
final class RelayProcess implements AutoCloseable {
    static final Path JAR = Path.of("target", "relay.jar");

    /** 128 + SIGKILL. */
    private static final int KILLED = 137;

    private static final Pattern LISTENS = Pattern.compile("relay listens on \\S+:(\\d+)");
    private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");

    private final Process process;
    private final Path output;
    private final @Nullable Path data;
    private final HttpClient http = HttpClient.newHttpClient();

    private RelayProcess(Process process, Path output, @Nullable String data) {
        this.process = process;
        this.data = data == null ? null : Path.of(data);
        this.output = output;
    }

    /** The settings of a relay that starts. */
    static Map<String, String> goodEnvironment(Path dataDir) {
        return Map.of(
                "LOG_LEVEL",
                "debug",
                "ENCRYPTION_KEY",
                RelayFixture.ENCRYPTION_KEY,
                "JWT_SECRET",
                RelayFixture.JWT_SECRET,
                "ADMIN_PASSWORD",
                RelayFixture.ADMIN_PASSWORD,
                "ALLOW_PRIVATE_UPSTREAMS",
                "true",
                "HOST",
                "127.0.0.1",
                "PORT",
                "0",
                "DATA_DIR",
                dataDir.toString());
    }

    /** Starts the packaged jar with exactly that environment. */
    static RelayProcess start(Path folder, Map<String, String> environment, String... jvmOptions) throws IOException {
        List<String> options = new ArrayList<>(List.of(jvmOptions));
        options.addAll(List.of("-jar", JAR.toAbsolutePath().toString()));
        return run(folder, environment, options);
    }

    /** Runs the packaged jar with that command in place of serving. */
    static RelayProcess command(Path folder, Map<String, String> environment, String... arguments) throws IOException {
        List<String> options =
                new ArrayList<>(List.of("-jar", JAR.toAbsolutePath().toString()));
        options.addAll(List.of(arguments));
        return run(folder, environment, options);
    }

    /** Starts the relay from the test's own class path, in a JVM that starts fast, so that nothing need be packaged. */
    static RelayProcess startUnpackaged(Path folder, Map<String, String> environment) throws IOException {
        return run(
                folder,
                environment,
                List.of(
                        "-Xmx128m",
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        // The packaged one, not that of the tests.
                        "-Dlogback.configurationFile=logback.xml",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName()));
    }

    private static RelayProcess run(Path folder, Map<String, String> environment, List<String> options)
            throws IOException {
        Path output = Files.createTempFile(folder, "relay", ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new RelayProcess(builder.start(), output, environment.get("DATA_DIR"));
    }

    Process process() {
        return process;
    }

    /** Everything it printed so far. */
    String output() {
        try {
            return Files.readString(output, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The port, once it listens. */
    int port() {
        Wait.until(
                "the relay to listen; it said: " + output(),
                () -> LISTENS.matcher(output()).find() || !process.isAlive());
        Matcher line = LISTENS.matcher(output());
        if (!line.find()) {
            throw new AssertionError("the relay ended: " + output());
        }
        return Integer.parseInt(line.group(1));
    }

    /** Ends it with SIGKILL, and waits until it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (exitStatus() != KILLED) {
            throw new AssertionError("the relay ended by itself: " + output());
        }
    }

    /** The exit status, waited for. */
    int exitStatus() throws InterruptedException {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("the relay did not end: " + output());
        }
        return process.exitValue();
    }

    /** A session of the administrator. */
    String login() throws IOException, InterruptedException {
        String answer = call(
                        "POST",
                        "/admin/login",
                        "",
                        "{\"username\":\"admin\",\"password\":\"" + RelayFixture.ADMIN_PASSWORD + "\"}")
                .body();
        Matcher token = TOKEN.matcher(answer);
        if (!token.find()) {
            throw new AssertionError("no token: " + answer);
        }
        return token.group(1);
    }

    HttpResponse<String> call(String method, String path, String token, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("content-type", "application/json");
        if (!token.isEmpty()) {
            request.header("authorization", "Bearer " + token);
        }
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        Canaries.rememberIssued(answer.body());
        assertThat(Canaries.secretIn(answer.body())).isEmpty();
        return answer;
    }

    /** Ends it and looks for canaries in everything that it printed and kept. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        Canaries.assertNoneIn("what the relay printed", output());
        if (data != null) {
            Canaries.assertNoneBelow(data);
        }
    }
}
