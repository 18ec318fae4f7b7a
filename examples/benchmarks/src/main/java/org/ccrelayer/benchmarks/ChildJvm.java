package org.ccrelayer.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A target in a JVM of its own, so that its CPU time can be told from that of everything else. It calls back when it is
 * ready, and ends when that connection does, so that it cannot outlive this process.
 */
final class ChildJvm implements Target {
    /** The same for every JVM that is compared. */
    static final List<String> OPTIONS = List.of("-Xmx256m");

    private static final int READY_MILLIS = 60_000;
    private static final int END_SECONDS = 30;

    private final String name;
    private final Process process;
    private final Socket line;
    private final int port;
    private final String key;

    private ChildJvm(String name, Process process, Socket line, String[] words) {
        this.name = name;
        this.process = process;
        this.line = line;
        this.port = Integer.parseInt(words[0]);
        this.key = words[1];
    }

    /** The relay with everything on, with an account for that upstream, in front of an empty store. */
    static ChildJvm relay(int upstreamPort, Path storage) throws IOException {
        return relay("relay", RelayProcess.class, upstreamPort, storage);
    }

    /** As {@link #relay(int, Path)}, by that name and with that main class. */
    static ChildJvm relay(String name, Class<?> main, int upstreamPort, Path storage) throws IOException {
        return start(name, main, upstreamPort, storage);
    }

    /** A proxy that does nothing but forward. */
    static ChildJvm bareProxy(int upstreamPort, Path storage) throws IOException {
        return start("bare Jetty proxy", BareProxyProcess.class, upstreamPort, storage);
    }

    private static ChildJvm start(String name, Class<?> main, int upstreamPort, Path storage) throws IOException {
        try (ServerSocket callback = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            callback.setSoTimeout(READY_MILLIS);
            Process process = launch(main, List.of("" + callback.getLocalPort(), "" + upstreamPort, "" + storage));
            // Without this a process that cannot start would be waited for.
            process.onExit().thenRun(() -> closeQuietly(callback));
            Socket line = null;
            try {
                line = callback.accept();
                line.setSoTimeout(READY_MILLIS);
                BufferedReader said =
                        new BufferedReader(new InputStreamReader(line.getInputStream(), StandardCharsets.US_ASCII));
                return new ChildJvm(
                        name, process, line, String.valueOf(said.readLine()).split(" "));
            } catch (IOException | RuntimeException e) {
                process.destroyForcibly();
                throw new IOException("the process of the " + name + " did not start", e);
            }
        }
    }

    private static Process launch(Class<?> main, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        // What is logged is made and written, as in earnest, but kept nowhere.
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void closeQuietly(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed in any case.
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String key() {
        return key;
    }

    long pid() {
        return process.pid();
    }

    @Override
    public Duration cpuTime() {
        return CpuTime.of(process.toHandle());
    }

    @Override
    public void close() throws IOException {
        line.close();
        process.onExit()
                .orTimeout(END_SECONDS, TimeUnit.SECONDS)
                .exceptionally(late -> process.destroyForcibly())
                .join();
    }
}
