package org.ccrelayer.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The connection of a {@link ChildJvm} to the process that started it. Its end is the end of the child. */
final class ParentLine implements AutoCloseable {
    private final Socket socket;

    private ParentLine(Socket socket) {
        this.socket = socket;
    }

    static ParentLine to(String port) throws IOException {
        return new ParentLine(new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port)));
    }

    /** Says that requests may come, and returns when no more will. */
    void serveUntilClosed(int port, String key) throws IOException {
        socket.getOutputStream().write((port + " " + key + "\n").getBytes(StandardCharsets.US_ASCII));
        while (socket.getInputStream().read() >= 0) {
            // Nothing is ever said; only the end matters.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
