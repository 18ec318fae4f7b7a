package org.ccrelayer.internal.upstream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ServerSocketFactory;
import org.bbottema.javasocksproxyserver.SocksServer;
import org.bbottema.javasocksproxyserver.auth.UsernamePasswordAuthenticator;

/** A SOCKS 5 server on loopback that remembers who came. */
final class SocksPeer implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final SocksServer server;
    private final List<String> users = new CopyOnWriteArrayList<>();

    /** Lets those users through, by name and password; everybody where there are none. */
    SocksPeer(Map<String, String> known) throws IOException {
        server = new SocksServer(socket.getLocalPort()).setFactory(new ServerSocketFactory() {
            @Override
            public ServerSocket createServerSocket(int port) {
                return socket;
            }

            @Override
            public ServerSocket createServerSocket(int port, int backlog) {
                return socket;
            }

            @Override
            public ServerSocket createServerSocket(int port, int backlog, InetAddress address) {
                return socket;
            }
        });
        if (!known.isEmpty()) {
            server.setAuthenticator(new UsernamePasswordAuthenticator(false) {
                @Override
                public boolean validate(String user, String password) {
                    users.add(user);
                    return password.equals(known.get(user));
                }
            });
        }
        server.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    /** Who logged in or tried to, in order. */
    List<String> users() {
        return users;
    }

    @Override
    public void close() {
        server.stop();
    }
}
