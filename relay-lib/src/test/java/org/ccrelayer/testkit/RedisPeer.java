package org.ccrelayer.testkit;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;

/**
 * A real Redis server in a process of its own, on a free port of loopback. Its files are in a directory of its own, and it writes
 * none unless it is asked to. Used by one thread; the server may be used by any number.
 */
public final class RedisPeer implements AutoCloseable {
    private static final Pattern CALLS = Pattern.compile("cmdstat_([^:]+):calls=(\\d+)");
    private static final int ANSWER_MILLIS = 20_000;

    private final Path directory;
    private final String executable;
    private final List<String> options;
    private final int port;
    private Process process;

    private RedisPeer(Path directory, String executable, List<String> options) throws IOException {
        this.directory = directory;
        this.executable = executable;
        this.options = options;
        this.port = freePort();
        this.process = launch();
    }

    /**
     * Starts the server that every build has.
     *
     * @param options what {@code redis-server} takes on its command line beside port and directory
     */
    public static RedisPeer start(String... options) throws IOException {
        Path directory = Files.createTempDirectory("redis-peer");
        File bundled =
                ExecutableProvider.newJarResourceProvider(directory.toFile()).get();
        return new RedisPeer(directory, bundled.toString(), List.of(options));
    }

    /** As {@link #start}, the {@code redis-server} that the machine has. */
    public static RedisPeer startInstalled(String... options) throws IOException {
        return new RedisPeer(Files.createTempDirectory("redis-peer"), "redis-server", List.of(options));
    }

    /**
     * Starts a Sentinel that looks after that master, by the name of {@code m}, alone.
     *
     * @param master the port of the master on loopback
     */
    public static RedisPeer startSentinel(int master) throws IOException {
        Path directory = Files.createTempDirectory("redis-peer");
        File bundled =
                ExecutableProvider.newJarResourceProvider(directory.toFile()).get();
        Path settings = Files.writeString(
                directory.resolve("sentinel.conf"),
                "sentinel monitor m 127.0.0.1 " + master + " 1\nsentinel down-after-milliseconds m 500\n"
                        + "sentinel failover-timeout m 3000\n");
        return new RedisPeer(directory, bundled.toString(), List.of(settings.toString(), "--sentinel"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Process launch() throws IOException {
        Process started = begun();
        Wait.until("Redis answers on port " + port, () -> started.isAlive() ? answers() : failed());
        return started;
    }

    private Process begun() throws IOException {
        List<String> command = new ArrayList<>(List.of(executable));
        List<String> place = List.of("--port", "" + port, "--bind", "127.0.0.1", "--dir", directory.toString());
        if (options.contains("--sentinel")) {
            command.addAll(options);
            command.addAll(place);
        } else {
            command.addAll(place);
            command.addAll(List.of("--save", ""));
            command.addAll(options);
        }
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    private boolean failed() {
        try {
            throw new IllegalStateException("Redis ended: " + Files.readString(directory.resolve("log")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean answers() {
        try {
            String answer = ask("PING");
            return answer.equals("PONG") || answer.startsWith("NOAUTH");
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** Where it listens, as host and port. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** The answer to a command, as text; the elements of a list each on a line. Errors are answers too. */
    public String ask(String... command) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(ANSWER_MILLIS);
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.writeBytes(bytes("*" + command.length + "\r\n"));
            for (String part : command) {
                byte[] utf8 = bytes(part);
                request.writeBytes(bytes("$" + utf8.length + "\r\n"));
                request.writeBytes(utf8);
                request.writeBytes(bytes("\r\n"));
            }
            socket.getOutputStream().write(request.toByteArray());
            return answer(new DataInputStream(socket.getInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String answer(DataInputStream in) throws IOException {
        String line = line(in);
        String rest = line.substring(1);
        switch (line.charAt(0)) {
            case '$':
                if (rest.equals("-1")) {
                    return "";
                }
                byte[] text = new byte[Integer.parseInt(rest)];
                in.readFully(text);
                line(in);
                return new String(text, StandardCharsets.UTF_8);
            case '*':
                List<String> elements = new ArrayList<>();
                for (int left = Integer.parseInt(rest); left > 0; left--) {
                    elements.add(answer(in));
                }
                return String.join("\n", elements);
            default:
                return rest;
        }
    }

    private static String line(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.readUnsignedByte(); c != '\r'; c = in.readUnsignedByte()) {
            line.append((char) c);
        }
        in.readUnsignedByte();
        return line.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Empties it. */
    public void clear() {
        ask("FLUSHALL");
    }

    /** Lets all keys that end be as much older; those whose time is over by then are gone. */
    public void age(Duration time) {
        ask("EVAL", """
                for _, key in ipairs(redis.call('KEYS', '*')) do
                  local left = redis.call('PTTL', key)
                  if left >= 0 then
                    redis.call('PEXPIRE', key, left - ARGV[1])
                  end
                end""", "0", "" + time.toMillis());
    }

    /** How often each command was called, in lower case, since it started or since {@link #countAnew}. */
    public Map<String, Long> calls() {
        Map<String, Long> calls = new TreeMap<>();
        Matcher matcher = CALLS.matcher(ask("INFO", "commandstats"));
        while (matcher.find()) {
            calls.put(matcher.group(1), Long.parseLong(matcher.group(2)));
        }
        return calls;
    }

    /** Begins to count calls at zero. */
    public void countAnew() {
        ask("CONFIG", "RESETSTAT");
    }

    /** Stops its process where it is: connections stay, nothing is answered. */
    public void freeze() {
        signal("STOP");
    }

    /** Lets it go on. */
    public void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int result = new ProcessBuilder("kill", "-" + name, "" + process.pid())
                    .start()
                    .waitFor();
            if (result != 0) {
                throw new IllegalStateException("kill -" + name + " ended with " + result);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends its process at once, as a crash does. */
    public void kill() {
        process.destroyForcibly();
        Wait.until("Redis ended", () -> !process.isAlive());
    }

    /** Starts it again where it was, and does not wait until it answers: it may have to load what it wrote. */
    public void beginAgain() throws IOException {
        process = begun();
    }

    /** Starts it again where it was. */
    public void restart() throws IOException {
        process = launch();
    }

    @Override
    public void close() throws IOException {
        kill();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted((a, b) -> b.compareTo(a)).map(Path::toFile).forEach(File::delete);
        }
    }
}
