package org.ccrelayer.internal.store.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.ccrelayer.internal.upstream.TestAuthority;

/** Stands between a relay and a server on loopback: ends TLS, or lets the bytes of each direction come late. */
final class Between implements AutoCloseable {
    private final ServerSocket listening;
    private volatile int server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile Duration late = Duration.ZERO;

    private Between(ServerSocket listening, int server) {
        this.listening = listening;
        this.server = server;
        begin(this::accept);
    }

    /** Passes everything on as it is. */
    static Between plain(int server) throws IOException {
        return new Between(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), server);
    }

    /** Ends TLS with that certificate. */
    static Between tls(int server, TestAuthority.Identity identity) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(identity.keyStore("PKCS12"), TestAuthority.PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return new Between(
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()), server);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** From now on bytes arrive so much later, in each direction. */
    void late(Duration by) {
        late = by;
    }

    /** Breaks all connections; new ones lead to that server. */
    void leadTo(int other) {
        server = other;
        closeAll();
        sockets.clear();
    }

    private static void begin(Runnable work) {
        Thread thread = new Thread(work, "between");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                lead(client);
            }
        } catch (IOException e) {
            closeAll();
        }
    }

    /** Whoever comes while the server is not there is turned away. */
    private void lead(Socket client) throws IOException {
        Socket behind;
        try {
            behind = new Socket(InetAddress.getLoopbackAddress(), server);
        } catch (IOException e) {
            client.close();
            return;
        }
        sockets.add(client);
        sockets.add(behind);
        begin(() -> pass(client, behind));
        begin(() -> pass(behind, client));
    }

    private void pass(Socket from, Socket to) {
        try (from;
                to) {
            from.setTcpNoDelay(true);
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] bytes = new byte[8_192];
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                // Not a wait for something: it is what the road is like.
                LockSupport.parkNanos(late.toNanos());
                out.write(bytes, 0, read);
                out.flush();
            }
        } catch (IOException e) {
            sockets.remove(from);
        }
    }

    private void closeAll() {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                sockets.remove(socket);
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        closeAll();
    }
}
