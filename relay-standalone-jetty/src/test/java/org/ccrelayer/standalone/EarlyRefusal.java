package org.ccrelayer.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An upstream that refuses after the first bytes of a request, reads no more, and leaves the connection open. */
final class EarlyRefusal implements AutoCloseable {
    static final String BODY =
            "{\"type\":\"error\",\"error\":{\"type\":\"request_too_large\",\"message\":\"too large\"}}";

    private final ServerSocket server;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    EarlyRefusal() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::accept, "early-refusal");
        thread.setDaemon(true);
        thread.start();
    }

    String uri() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                socket.getInputStream().readNBytes(1_000);
                socket.getOutputStream()
                        .write(("HTTP/1.1 413 Content Too Large\r\ncontent-type: application/json\r\ncontent-length: "
                                        + BODY.length() + "\r\n\r\n" + BODY)
                                .getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            // The test is over and has closed the sockets.
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
