package org.ccrelayer.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A client with one connection that it keeps. It understands of HTTP/1.1 only what finding the end of an answer takes,
 * because whatever it costs is taken from the CPU that is measured with. Not safe for concurrent use.
 */
final class ClientConnection implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int LONGEST_WAIT_MILLIS = 30_000;
    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String LENGTH = "\r\ncontent-length:";
    private static final String CHUNKED = "\r\ntransfer-encoding: chunked";

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int from;
    private int to;

    ClientConnection(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(LONGEST_WAIT_MILLIS);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /**
     * Sends a request and reads the answer to its end.
     *
     * @return how many bytes its body had
     * @throws IOException if it is not a 200, or broke off
     */
    long exchange(byte[] request) throws IOException {
        out.write(request);
        String head = head();
        if (!head.startsWith("HTTP/1.1 200")) {
            throw new IOException("unexpected answer: " + head);
        }
        String lower = head.toLowerCase(java.util.Locale.ROOT);
        if (lower.contains(CHUNKED)) {
            return chunks();
        }
        int length = lower.indexOf(LENGTH);
        if (length < 0) {
            throw new IOException("an answer without an end: " + head);
        }
        int end = lower.indexOf('\r', length + 1);
        long bytes =
                Long.parseLong(lower.substring(length + LENGTH.length(), end).strip());
        skip(bytes);
        return bytes;
    }

    private String head() throws IOException {
        compact();
        int end = headEnd();
        while (end < 0) {
            if (to == buffer.length) {
                throw new IOException("an answer with too many header fields");
            }
            fill();
            end = headEnd();
        }
        String head = new String(buffer, from, end - from, StandardCharsets.ISO_8859_1);
        from = end;
        return head;
    }

    private int headEnd() {
        for (int at = from; at <= to - HEAD_END.length; at++) {
            if (buffer[at] == '\r' && buffer[at + 1] == '\n' && buffer[at + 2] == '\r' && buffer[at + 3] == '\n') {
                return at + HEAD_END.length;
            }
        }
        return -1;
    }

    private long chunks() throws IOException {
        long bytes = 0;
        while (true) {
            long size = chunkSize();
            // The data's own line end, and that of the empty line behind the last chunk.
            skip(size + 2);
            if (size == 0) {
                return bytes;
            }
            bytes += size;
        }
    }

    private long chunkSize() throws IOException {
        long size = 0;
        for (int b = next(); b != '\n'; b = next()) {
            if (b != '\r') {
                int digit = Character.digit(b, 16);
                if (digit < 0) {
                    throw new IOException("a chunk without a size");
                }
                size = size << 4 | digit;
            }
        }
        return size;
    }

    private int next() throws IOException {
        if (from == to) {
            compact();
            fill();
        }
        return buffer[from++];
    }

    private void skip(long bytes) throws IOException {
        long left = bytes;
        while (left > to - from) {
            left -= to - from;
            from = to;
            compact();
            fill();
        }
        from += (int) left;
    }

    private void compact() {
        System.arraycopy(buffer, from, buffer, 0, to - from);
        to -= from;
        from = 0;
    }

    private void fill() throws IOException {
        int count = in.read(buffer, to, buffer.length - to);
        if (count < 0) {
            throw new EOFException("the answer broke off");
        }
        to += count;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
