package org.ccrelayer.servlet.war;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RelayFixture;
import org.ccrelayer.testkit.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a webapp that was replaced: nothing. */
class RedeployIT {
    private static final Pattern NEEDED = Pattern.compile(
            "relay-servlet/target/test-classes|tomcat-embed-core|tomcat-annotations-api|jakarta.annotation-api");

    @TempDir
    private Path folder;

    private SimulatedClaude upstream;
    private Process tomcat;
    private PrintStream commands;
    private BufferedReader answers;

    @BeforeEach
    void start() throws IOException {
        upstream = SimulatedClaude.start();
        List<String> command = new ArrayList<>(List.of(
                HostProcess.java(),
                "-Xmx192m",
                "-Djava.io.tmpdir=" + Files.createDirectory(folder.resolve("temp")),
                // As catalina.sh has it, so that Tomcat can look for leaks.
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-opens=java.base/java.io=ALL-UNNAMED",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
                "--add-opens=java.rmi/sun.rmi.transport=ALL-UNNAMED",
                "-cp",
                classPath(),
                RedeployingTomcat.class.getName(),
                folder.resolve("tomcat").toString(),
                WarFile.path().toString()));
        command.addAll(List.of(
                "data-dir=" + data(),
                "encryption-key=" + RelayFixture.ENCRYPTION_KEY,
                "jwt-secret=" + RelayFixture.JWT_SECRET,
                "admin-password=" + RelayFixture.ADMIN_PASSWORD,
                "admin-enabled=true",
                "allow-private-upstreams=true"));
        tomcat = new ProcessBuilder(command)
                .redirectError(folder.resolve("errors.log").toFile())
                .start();
        commands = new PrintStream(tomcat.getOutputStream(), true, StandardCharsets.UTF_8);
        answers = new BufferedReader(new InputStreamReader(tomcat.getInputStream(), StandardCharsets.UTF_8));
    }

    @AfterEach
    void end() {
        tomcat.destroyForcibly().onExit().join();
        upstream.close();
    }

    private Path data() {
        return folder.resolve("data");
    }

    private static String classPath() {
        return List.of(System.getProperty("java.class.path").split(File.pathSeparator)).stream()
                .filter(part -> NEEDED.matcher(part).find())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private String tell(String command) {
        commands.println(command);
        try {
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                if (line.startsWith(RedeployingTomcat.DONE)) {
                    return line.substring(RedeployingTomcat.DONE.length());
                }
            }
            throw new AssertionError("Tomcat ended: " + Files.readString(folder.resolve("errors.log")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void four_redeploys_leave_nothing_behind() throws Exception {
        redeploy(4);
    }

    @Test
    @Tag("full")
    void twenty_redeploys_leave_nothing_behind() throws Exception {
        redeploy(20);
    }

    private void redeploy(int rounds) throws Exception {
        String key = "";
        String threads = "";
        for (int round = 1; round <= rounds; round++) {
            RelayCalls calls = new RelayCalls(Integer.parseInt(tell("deploy")), "/relay");
            if (round == 1) {
                key = calls.setUp(upstream);
            }
            traffic(calls, key);
            tell("undeploy");
            assertThat(tell("complaints")).isEmpty();
            assertThat(free("relay.mv")).isTrue();
            assertThat(free("relay.lock")).isTrue();
            if (round == 2) {
                threads = tell("threads");
            }
        }
        Wait.until(
                "all class loaders but the last one's to go", () -> tell("left").equals("0"));
        assertThat(tell("threads")).isEqualTo(threads).doesNotContain("relay");
        assertThat(tell("complaints")).isEmpty();
    }

    private void traffic(RelayCalls calls, String key) throws IOException {
        assertThat(calls.call("GET", "/admin/status", calls.login(), "").head().status())
                .isEqualTo(200);
        assertThat(calls.get("/health").head().status()).isEqualTo(200);
        assertThat(calls.stream(key).text()).contains("event: message_stop");
        assertThat(calls.plain(key).head().status()).isEqualTo(200);
        assertThat(calls.call("POST", "/v1/messages", "", "{").head().status()).isEqualTo(401);
        upstream.enqueue(Script.error(529));
        assertThat(calls.plain(key).head().status()).isIn(200, 529);
        int cut = upstream.requestCount() + 1;
        try (RawClient client = calls.streaming(key)) {
            client.readHead();
            client.reset();
        }
        Wait.until("the stream that was left", () -> upstream.requestCount() >= cut);
    }

    /** Whether nobody holds that file of the store. */
    private boolean free(String name) throws IOException {
        try (FileChannel file = FileChannel.open(data().resolve(name), StandardOpenOption.WRITE)) {
            return file.tryLock() != null;
        }
    }
}
