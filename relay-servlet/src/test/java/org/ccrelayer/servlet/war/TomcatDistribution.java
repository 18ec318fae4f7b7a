package org.ccrelayer.servlet.war;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tomcat as it is downloaded, with a folder of its own for everything that it changes. */
final class TomcatDistribution implements WarHost {
    private static final int TRIES = 5;
    private static final Pattern STARTED_OR_CLASHED = Pattern.compile("Server startup in|BindException");

    /** The JVM's options that make short lives cheaper. */
    private static final String JVM_OPTIONS =
            "-Xmx256m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC " + HostProcess.LOGS_CLASSES;

    /** Tomcat's own; newer Java platforms warn of what Tomcat 10.1 itself does in other words. */
    private static final Pattern COMPLAINT = Pattern.compile(" (WARNING|SEVERE) \\[|Exception");

    /** Both only say that the machine is slow. */
    private static final Pattern SLOW_MACHINE = Pattern.compile("SessionIdGenerator|SecureRandom");

    private final Path home;

    TomcatDistribution(String version) {
        home = Path.of(System.getProperty("test.distributions"), "apache-tomcat-" + version);
    }

    @Override
    public HostedWar start(Path folder, Configured way, Map<String, String> settings) throws IOException {
        for (int tries = 0; tries < TRIES; tries++) {
            int port = freePort();
            Path base = Files.createTempDirectory(folder, "tomcat");
            prepare(base, port);
            HostProcess host = HostProcess.run(
                    base,
                    configured(base, way, settings),
                    List.of("/bin/sh", home.resolve("bin/catalina.sh").toString(), "run"));
            if (host.await(STARTED_OR_CLASHED).group().startsWith("Server")) {
                return new HostedWar(host, port);
            }
            host.close();
        }
        throw new IOException("no free port");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void prepare(Path base, int port) throws IOException {
        for (String name : List.of("conf/Catalina/localhost", "logs", "temp", "webapps", "work")) {
            Files.createDirectories(base.resolve(name));
        }
        try (Stream<Path> files = Files.list(home.resolve("conf"))) {
            for (Path file : files.toList()) {
                Files.copy(file, base.resolve("conf").resolve(file.getFileName()));
            }
        }
        Path server = base.resolve("conf/server.xml");
        Files.writeString(
                server,
                Files.readString(server)
                        .replace("<Server port=\"8005\"", "<Server port=\"-1\"")
                        .replace("<Connector port=\"8080\"", "<Connector address=\"127.0.0.1\" port=\"" + port + "\""));
        Files.copy(WarFile.path(), base.resolve("webapps/relay.war"));
    }

    /** Writes the settings down where the way wants them; gives the environment. */
    private Map<String, String> configured(Path base, Configured way, Map<String, String> settings) throws IOException {
        Map<String, String> environment = new HashMap<>(Map.of(
                "JAVA_HOME", System.getProperty("java.home"),
                "CATALINA_HOME", home.toString(),
                "CATALINA_BASE", base.toString(),
                "CATALINA_OPTS", JVM_OPTIONS,
                "PATH", System.getenv("PATH")));
        switch (way) {
            case ENVIRONMENT -> environment.putAll(Configured.variables(settings));
            case SYSTEM_PROPERTIES ->
                Files.writeString(
                        base.resolve("conf/catalina.properties"),
                        "\n" + Configured.lines(settings, (id, value) -> "relay." + id + "=" + value) + "\n",
                        StandardOpenOption.APPEND);
            case CONTEXT_PARAMETERS ->
                context(
                        base,
                        settings,
                        (id, value) ->
                                "<Parameter name=\"relay." + id + "\" value=\"" + value + "\" override=\"false\"/>");
            case JNDI ->
                context(
                        base,
                        settings,
                        (id, value) -> "<Environment name=\"relay/" + id + "\" value=\"" + value
                                + "\" type=\"java.lang.String\" override=\"false\"/>");
        }
        return environment;
    }

    private static void context(Path base, Map<String, String> settings, BiFunction<String, String, String> element)
            throws IOException {
        Files.writeString(
                base.resolve("conf/Catalina/localhost/relay.xml"),
                "<Context>\n" + Configured.lines(settings, element) + "\n</Context>\n");
    }

    @Override
    public String complaints(String logs) {
        return logs.lines()
                .filter(line -> COMPLAINT.matcher(line).find())
                .filter(line -> !SLOW_MACHINE.matcher(line).find())
                .collect(Collectors.joining("\n"));
    }

    @Override
    public long cutsAnswersAfterMillis() {
        return 3_000;
    }
}
