package org.ccrelayer.internal.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A peer on a bare socket that does to each connection what a script says and then closes it. */
final class ScriptedPeer implements AutoCloseable {
    /** What is done with a connection. */
    @FunctionalInterface
    interface Script {
        void play(InputStream in, OutputStream out) throws IOException;
    }

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Script script;
    private final AtomicInteger connections = new AtomicInteger();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    ScriptedPeer(Script script) throws IOException {
        this.script = script;
        start(this::accept);
    }

    /** Takes everything and says nothing. */
    static ScriptedPeer silent() throws IOException {
        return new ScriptedPeer((in, out) -> in.transferTo(OutputStream.nullOutputStream()));
    }

    int port() {
        return server.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                connections.incrementAndGet();
                start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            script.play(socket.getInputStream(), socket.getOutputStream());
        } catch (IOException e) {
            // What became of the connection is seen at its other end.
            open.remove(socket);
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "scripted-peer");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
