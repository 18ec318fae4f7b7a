package org.ccrelayer.standalone;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongSupplier;

/** Reads many streamed answers at once on one thread, and keeps only a digest of each. */
final class ManyStreams {
    private final int port;
    private final byte[] request;
    private final List<Stream> streams = new ArrayList<>();

    ManyStreams(int port, byte[] request) {
        this.port = port;
        this.request = request;
    }

    /** The SHA-256 of each answer's body that ended properly; "broken" for the others. */
    List<String> readAll(int count, LongSupplier nanosLeft) throws IOException {
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < count; i++) {
                SocketChannel channel =
                        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                channel.write(ByteBuffer.wrap(request));
                channel.configureBlocking(false);
                Stream stream = new Stream();
                streams.add(stream);
                channel.register(selector, SelectionKey.OP_READ, stream);
            }
            while (!selector.keys().isEmpty() && nanosLeft.getAsLong() > 0) {
                selector.select(1_000);
                selector.selectedKeys().forEach(ManyStreams::read);
                selector.selectedKeys().clear();
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        }
        return streams.stream().map(Stream::digest).toList();
    }

    private static void read(SelectionKey key) {
        ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
        Stream stream = (Stream) key.attachment();
        try {
            int count = ((SocketChannel) key.channel()).read(buffer);
            if (count < 0 || stream.take(buffer.flip())) {
                key.channel().close();
            }
        } catch (IOException e) {
            stream.broken = true;
            key.cancel();
        }
    }

    /** One answer: its head, then chunks (RFC 9112 section 7.1). */
    private static final class Stream {
        private final MessageDigest sha256 = sha256();
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private boolean head = true;
        private boolean ended;
        private boolean broken;
        private int chunk;

        /** Takes bytes; true when the answer is over. */
        boolean take(ByteBuffer bytes) {
            while (bytes.hasRemaining() && !ended) {
                if (chunk > 0) {
                    int count = Math.min(chunk, bytes.remaining());
                    sha256.update(bytes.array(), bytes.position(), count);
                    bytes.position(bytes.position() + count);
                    chunk -= count;
                } else {
                    byte b = bytes.get();
                    if (b == '\n') {
                        line(line.toString(StandardCharsets.US_ASCII).strip());
                        line.reset();
                    } else {
                        line.write(b);
                    }
                }
            }
            return ended;
        }

        private void line(String text) {
            if (head) {
                head = !text.isEmpty();
                broken |= text.startsWith("HTTP/") && !text.contains(" 200 ");
            } else if (!text.isEmpty()) {
                chunk = Integer.parseInt(text, 16);
                ended = chunk == 0;
            }
        }

        String digest() {
            return ended && !broken ? HexFormat.of().formatHex(sha256.digest()) : "broken";
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
