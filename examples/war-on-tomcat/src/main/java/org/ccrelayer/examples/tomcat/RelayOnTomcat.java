package org.ccrelayer.examples.tomcat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Tomcat with the relay's WAR, which "mvn package" has put into its webapps. It listens on loopback, and the relay's
 * settings come from the environment.
 */
public final class RelayOnTomcat implements AutoCloseable {
    private static final int DEFAULT_PORT = 8080;
    private static final int TRIES = 5;
    private static final int STOP_SECONDS = 60;

    private final Process tomcat;
    private final int port;

    private RelayOnTomcat(Process tomcat, int port) {
        this.tomcat = tomcat;
        this.port = port;
    }

    /**
     * Starts Tomcat and waits until it serves.
     *
     * @param target the folder that the build has put Tomcat into
     * @param port where it listens; 0 takes a free port
     * @param variables what the environment has beside that of this process
     * @throws IOException if it does not start; its log says why
     */
    public static RelayOnTomcat start(Path target, int port, Map<String, String> variables)
            throws IOException, InterruptedException {
        Path home = home(target.toAbsolutePath());
        for (int tries = 1; ; tries++) {
            int chosen = port == 0 ? freePort() : port;
            Path log = home.resolve("logs").resolve("port-" + chosen + ".log");
            Process tomcat = run(home, chosen, variables, log);
            String said = awaitStart(tomcat, log);
            if (said.contains("Server startup in") && !said.contains("BindException")) {
                return new RelayOnTomcat(tomcat, chosen);
            }
            tomcat.destroyForcibly().waitFor();
            if (port != 0 || tries == TRIES) {
                throw new IOException("Tomcat does not start; see " + log);
            }
        }
    }

    private static Path home(Path target) throws IOException {
        try (Stream<Path> folders = Files.list(target)) {
            return folders.filter(folder -> folder.getFileName().toString().startsWith("apache-tomcat-"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("there is no Tomcat in " + target + "; run mvn package"));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Process run(Path home, int port, Map<String, String> variables, Path log) throws IOException {
        Path server = home.resolve("conf/server.xml");
        Files.writeString(
                server,
                Files.readString(server)
                        .replaceFirst("<Server port=\"[^\"]*\"", "<Server port=\"-1\"")
                        .replaceFirst(
                                "<Connector( address=\"[^\"]*\")? port=\"\\d+\"",
                                "<Connector address=\"127.0.0.1\" port=\"" + port + "\""));
        Files.createDirectories(log.getParent());
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "bin/catalina.sh", "run")
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("CATALINA_HOME", home.toString());
        builder.environment().putAll(variables);
        return builder.start();
    }

    private static String awaitStart(Process tomcat, Path log) throws IOException, InterruptedException {
        while (tomcat.isAlive()) {
            String said = Files.readString(log);
            if (said.contains("Server startup in")) {
                if (said.contains("The relay does not start")) {
                    throw new IOException("the relay does not start; " + log + " says why");
                }
                return said;
            }
            tomcat.waitFor(100, TimeUnit.MILLISECONDS);
        }
        return Files.readString(log);
    }

    /** What clients have as their base URL. */
    public String url() {
        return "http://127.0.0.1:" + port + "/relay";
    }

    /** Tells Tomcat to stop, and waits while the relay sees running answers out. */
    @Override
    public void close() {
        tomcat.destroy();
        try {
            if (!tomcat.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                tomcat.destroyForcibly();
            }
        } catch (InterruptedException e) {
            tomcat.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Serves until it is stopped; the port may be given. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int port = arguments.length == 0 ? DEFAULT_PORT : Integer.parseInt(arguments[0]);
        RelayOnTomcat relay = start(Path.of("target"), port, Map.of());
        Runtime.getRuntime().addShutdownHook(new Thread(relay::close));
        System.out.println("The relay answers at " + relay.url());
        relay.tomcat.waitFor();
    }
}
