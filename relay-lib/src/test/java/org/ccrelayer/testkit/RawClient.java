package org.ccrelayer.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.Checksum;

/** An HTTP/1.1 client on a bare socket: it sees what really crosses the wire and can misbehave at any point. */
public final class RawClient implements AutoCloseable {
    private static final int READ_TIMEOUT_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    /** Connects to that port on loopback. */
    public RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** The head of an answer. */
    public record Head(int status, List<Map.Entry<String, String>> headers) {
        /** The first value of a field, or an empty text. */
        public String header(String name) {
            return headers.stream()
                    .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse("");
        }

        /** Whether there is such a field. */
        public boolean has(String name) {
            return headers.stream().anyMatch(entry -> entry.getKey().equalsIgnoreCase(name));
        }
    }

    /** A whole answer. */
    public record Answer(Head head, byte[] body) {
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /** Sends a request line and header fields, and a blank line. */
    public RawClient head(String requestLine, String... headers) throws IOException {
        StringBuilder text = new StringBuilder(requestLine).append(" HTTP/1.1\r\nHost: relay.test\r\n");
        for (String header : headers) {
            rememberCredential(header);
            text.append(header).append("\r\n");
        }
        return send(text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Whoever presents a credential, right or wrong, does not want to read it in a log. */
    private static void rememberCredential(String header) {
        String lower = header.toLowerCase(Locale.ROOT);
        if (lower.startsWith("x-api-key:") || lower.startsWith("authorization:")) {
            Canaries.remember(header.substring(header.indexOf(':') + 1).strip().replaceFirst("^\\S+\\s+(?=\\S)", ""));
        }
    }

    /** Sends a whole POST. */
    public RawClient post(String path, String key, byte[] body, String... headers) throws IOException {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("x-api-key: " + key);
        all.add("anthropic-version: 2023-06-01");
        all.add("content-type: application/json");
        all.add("content-length: " + body.length);
        return head("POST " + path, all.toArray(String[]::new)).send(body);
    }

    /** Sends bytes as they are. */
    public RawClient send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    /** Reads the head of an answer, skipping interim ones. */
    public Head readHead() throws IOException {
        while (true) {
            String status = readLine();
            List<Map.Entry<String, String>> headers = new ArrayList<>();
            for (String line = readLine(); !line.isEmpty(); line = readLine()) {
                int colon = line.indexOf(':');
                headers.add(Map.entry(
                        line.substring(0, colon), line.substring(colon + 1).strip()));
            }
            int code = Integer.parseInt(status.split(" ")[1]);
            if (code >= 200) {
                return new Head(code, headers);
            }
        }
    }

    /** Reads the head of an interim answer and gives its status; fails where it is that of a final one. */
    public int readInterim() throws IOException {
        int code = Integer.parseInt(readLine().split(" ")[1]);
        if (code >= 200) {
            throw new IOException("not an interim answer: " + code);
        }
        while (!readLine().isEmpty()) {
            // Interim answers have no body.
            continue;
        }
        return code;
    }

    /** Reads a whole answer; fails where it does not end as HTTP says it must. */
    public Answer readAnswer() throws IOException {
        Head head = readHead();
        return new Answer(head, readBody(head));
    }

    /** Reads the body of an answer to its proper end. */
    public byte[] readBody(Head head) throws IOException {
        byte[] body = readToEnd(head);
        Canaries.assertMayBeTold(head, body);
        return body;
    }

    private byte[] readToEnd(Head head) throws IOException {
        if (head.header("transfer-encoding").toLowerCase(Locale.ROOT).contains("chunked")) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            for (byte[] chunk = readChunk(); chunk.length > 0; chunk = readChunk()) {
                body.writeBytes(chunk);
            }
            return body.toByteArray();
        }
        return readExactly(Integer.parseInt(head.header("content-length")));
    }

    /** Reads one chunk; the last one is empty. */
    public byte[] readChunk() throws IOException {
        int length = readChunkSize();
        byte[] chunk = readExactly(length);
        if (length == 0) {
            readLine();
        }
        return chunk;
    }

    private int readChunkSize() throws IOException {
        String size = readLine();
        // The line end behind a chunk may arrive with the next one, so it is read here.
        if (size.isEmpty()) {
            size = readLine();
        }
        return Integer.parseInt(size.split(";")[0].strip(), 16);
    }

    /** Reads chunks until their text contains {@code text}; gives everything read. */
    public String readUntil(String text) throws IOException {
        StringBuilder seen = new StringBuilder();
        while (seen.indexOf(text) < 0) {
            byte[] chunk = readChunk();
            if (chunk.length == 0) {
                throw new EOFException("the answer ended before: " + text + "; it was: " + seen);
            }
            seen.append(new String(chunk, StandardCharsets.UTF_8));
        }
        return seen.toString();
    }

    /** Reads {@code length} bytes, of which only the checksum is kept. */
    public void skim(long length, Checksum sum) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        for (long left = length; left > 0; ) {
            int count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (count < 0) {
                throw new EOFException("the connection ended " + left + " bytes too early");
            }
            sum.update(buffer, 0, count);
            left -= count;
        }
    }

    /** Reads what comes of a body until its connection breaks; fails where the body ends as HTTP says it must. */
    public byte[] readToBreak(Head head) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try {
            if (head.header("transfer-encoding").toLowerCase(Locale.ROOT).contains("chunked")) {
                for (int left = readChunkSize(); left > 0; left = readChunkSize()) {
                    readInto(body, left);
                }
            } else {
                readInto(body, Integer.parseInt(head.header("content-length")));
            }
        } catch (IOException | NumberFormatException e) {
            // A chunk that is cut short may have another one's bytes behind it.
            return body.toByteArray();
        }
        throw new AssertionError("the answer ended cleanly: " + body.toString(StandardCharsets.UTF_8));
    }

    private void readInto(ByteArrayOutputStream body, int length) throws IOException {
        for (int left = length; left > 0; left--) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the connection ended " + left + " bytes too early");
            }
            body.write(b);
        }
    }

    private byte[] readExactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the connection ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the connection ended inside a line");
            }
            if (b == '\n') {
                return line.toString(StandardCharsets.UTF_8).stripTrailing();
            }
            line.write(b);
        }
    }

    /** Whether the other side has ended the connection; waits for it. */
    public boolean atEnd() throws IOException {
        return in.read() < 0;
    }

    /** Says that nothing more will be sent, and goes on reading. */
    public void halfClose() throws IOException {
        socket.shutdownOutput();
    }

    /** Closes the connection with a reset. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
