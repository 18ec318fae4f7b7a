package org.ccrelayer.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A Redis of the measurement's own, which writes to its file every second, as is usual. */
final class RedisServer implements AutoCloseable {
    private static final int END_SECONDS = 10;
    private static final String READY = "Ready to accept connections";

    private final Process process;
    private final int port;

    private RedisServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts that program in that directory. */
    static RedisServer start(Path program, Path directory) throws IOException {
        int port = Installed.freePort();
        Files.createDirectories(directory);
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--port",
                        "" + port,
                        "--bind",
                        "127.0.0.1",
                        "--dir",
                        directory.toString(),
                        "--save",
                        "",
                        "--appendonly",
                        "yes")
                .redirectErrorStream(true)
                .start();
        // Unlike the JVMs it would not notice that this one is gone.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "redis-end"));
        awaitReady(process);
        return new RedisServer(process, port);
    }

    private static void awaitReady(Process process) throws IOException {
        BufferedReader log =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder said = new StringBuilder();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            if (line.contains(READY)) {
                return;
            }
            said.append(line).append('\n');
        }
        throw new IOException("redis-server did not start: " + said);
    }

    int port() {
        return port;
    }

    /** A target whose CPU time is its own and this server's. */
    Target with(Target relay) {
        return new Target() {
            @Override
            public String name() {
                return relay.name() + ", with the server";
            }

            @Override
            public int port() {
                return relay.port();
            }

            @Override
            public String key() {
                return relay.key();
            }

            @Override
            public Duration cpuTime() {
                return relay.cpuTime().plus(CpuTime.of(process.toHandle()));
            }

            @Override
            public void close() {
                // Both have owners of their own.
            }
        };
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit()
                .orTimeout(END_SECONDS, TimeUnit.SECONDS)
                .exceptionally(late -> process.destroyForcibly())
                .join();
    }
}
