package org.ccrelayer.simulated;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A plain TCP connection, for what an HTTP client hides. Characters stand for bytes. */
final class Wire implements AutoCloseable {
    private final Socket socket;

    Wire(SimulatedClaude claude) throws IOException {
        socket = new Socket("127.0.0.1", claude.port());
        socket.setSoTimeout(20_000);
    }

    Wire post(String body) throws IOException {
        return write("POST /v1/messages HTTP/1.1\r\nHost: x\r\nX-Api-Key: key\r\nAnthropic-Version: 2023-06-01\r\n"
                + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }

    Wire write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** Everything up to the end of the connection. */
    String readToEnd() throws IOException {
        return text(socket.getInputStream().readAllBytes());
    }

    /** Everything up to and including the first occurrence of the mark. */
    String readTo(String mark) throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        int next = -1;
        while (next != mark.charAt(mark.length() - 1)
                || !text(read.toByteArray()).endsWith(mark)) {
            next = in.read();
            if (next < 0) {
                throw new IOException("ended before " + mark + ": " + read);
            }
            read.write(next);
        }
        return text(read.toByteArray());
    }

    /** The number of bytes that can be read without waiting. */
    int available() throws IOException {
        return socket.getInputStream().available();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
