package org.ccrelayer.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** An upstream on a bare socket: a script per connection decides every byte of the answer and how it breaks. */
public final class RawUpstream implements AutoCloseable {
    /** What is done with a connection whose first request was read. */
    @FunctionalInterface
    public interface Script {
        void answer(String requestHead, OutputStream out) throws IOException;
    }

    private final ServerSocket server;
    private final Script script;
    private final boolean resetting;
    private final AtomicInteger connections = new AtomicInteger();

    private RawUpstream(Script script, boolean resetting) throws IOException {
        this.resetting = resetting;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.script = script;
        start(this::accept);
    }

    /** Listens on a free port; each connection is answered once by {@code script} and closed. */
    public static RawUpstream answering(Script script) throws IOException {
        return new RawUpstream(script, false);
    }

    /** The same, but each connection is closed with a reset. */
    public static RawUpstream resetting(Script script) throws IOException {
        return new RawUpstream(script, true);
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** Connections accepted so far. */
    public int connections() {
        return connections.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.incrementAndGet();
                start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            String head = readHead(in);
            in.readNBytes(contentLength(head));
            script.answer(head, socket.getOutputStream());
            if (resetting) {
                socket.setSoLinger(true, 0);
            }
        } catch (IOException e) {
            // A peer that goes away is part of what is tested; the test looks at the relay.
            Thread.currentThread().interrupt();
        }
    }

    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("no request");
            }
            head.append((char) b);
        }
        return head.toString();
    }

    private static int contentLength(String head) {
        for (String line : head.split("\r\n")) {
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                return Integer.parseInt(line.substring(15).strip());
            }
        }
        return 0;
    }

    /** Text as bytes. */
    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "raw-upstream");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
