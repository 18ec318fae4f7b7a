package org.ccrelayer.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** nginx as a reverse proxy with one worker, kept connections on both sides and no buffering, for orientation. */
final class Nginx implements Target {
    private static final int END_SECONDS = 10;
    private static final String READY = "start worker process ";
    private static final String CONFIGURATION = """
            worker_processes 1;
            daemon off;
            pid %1$s/nginx.pid;
            error_log stderr notice;
            events { worker_connections 1024; }
            http {
              access_log off;
              keepalive_requests 100000000;
              client_body_buffer_size 64k;
              client_body_temp_path %1$s/body;
              proxy_temp_path %1$s/proxy;
              fastcgi_temp_path %1$s/fastcgi;
              uwsgi_temp_path %1$s/uwsgi;
              scgi_temp_path %1$s/scgi;
              upstream api { server 127.0.0.1:%2$d; keepalive 64; keepalive_requests 100000000; }
              server {
                listen 127.0.0.1:%3$d;
                location / {
                  proxy_pass http://api;
                  proxy_http_version 1.1;
                  proxy_set_header Connection "";
                  proxy_buffering off;
                }
              }
            }
            """;

    private final Process process;
    private final int port;

    private Nginx(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts nginx in front of that upstream, where it is installed. */
    static Optional<Target> startIfInstalled(int upstreamPort, Path directory) throws IOException {
        Optional<Path> program = Installed.program("nginx");
        return program.isEmpty() ? Optional.empty() : Optional.of(start(program.get(), upstreamPort, directory));
    }

    private static Nginx start(Path program, int upstreamPort, Path directory) throws IOException {
        int port = Installed.freePort();
        Path file = directory.resolve("nginx.conf");
        Files.writeString(file, CONFIGURATION.formatted(directory, upstreamPort, port));
        Process process = new ProcessBuilder(
                        program.toString(), "-p", directory.toString(), "-e", "stderr", "-c", file.toString())
                .redirectErrorStream(true)
                .start();
        // Unlike the JVMs it would not notice that this one is gone.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "nginx-end"));
        awaitReady(process);
        return new Nginx(process, port);
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
        throw new IOException("nginx did not start: " + said);
    }

    @Override
    public String name() {
        return "nginx";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String key() {
        return ANY_KEY;
    }

    @Override
    public Duration cpuTime() {
        return CpuTime.ofTree(process.toHandle());
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
