package org.ccrelayer.internal.upstream;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The parts of a SOCKS 5 conversation (RFC 1928), from the proxy's side. Stateless. */
final class SocksScript {
    private SocksScript() {}

    /** Lets everybody in, insists on being told a name, and leads to {@code address} whatever the name. */
    static void tunnel(InputStream in, OutputStream out, InetSocketAddress address) throws IOException {
        greet(in, out, 0);
        connect(in);
        reply(out, 0);
        try (Socket upstream = new Socket(address.getAddress(), address.getPort())) {
            Thread back = new Thread(() -> copy(upstream, out));
            back.setDaemon(true);
            back.start();
            in.transferTo(upstream.getOutputStream());
        }
    }

    private static void copy(Socket upstream, OutputStream out) {
        try {
            upstream.getInputStream().transferTo(out);
        } catch (IOException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads the offered methods and chooses one; 255 is none. */
    static byte[] greet(InputStream in, OutputStream out, int method) throws IOException {
        byte[] head = read(in, 2);
        byte[] methods = read(in, head[1]);
        out.write(new byte[] {5, (byte) method});
        return methods;
    }

    /** Reads name and password; 0 lets in. */
    static void login(InputStream in, OutputStream out, int status) throws IOException {
        read(in, read(in, 2)[1]);
        read(in, read(in, 1)[0]);
        out.write(new byte[] {1, (byte) status});
    }

    /** Reads where to connect to, which must be a name. */
    static String connect(InputStream in) throws IOException {
        byte[] head = read(in, 5);
        if (head[3] != 3) {
            throw new IOException("not a name");
        }
        String host = new String(read(in, head[4]), StandardCharsets.US_ASCII);
        read(in, 2);
        return host;
    }

    /** Says what became of it; 0 is well. */
    static void reply(OutputStream out, int status) throws IOException {
        out.write(new byte[] {5, (byte) status, 0, 1, 0, 0, 0, 0, 0, 0});
    }

    static byte[] read(InputStream in, int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException();
        }
        return bytes;
    }
}
