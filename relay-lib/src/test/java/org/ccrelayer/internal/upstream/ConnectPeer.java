package org.ccrelayer.internal.upstream;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ConnectHandler;
import org.eclipse.jetty.util.component.LifeCycle;

/** Jetty's CONNECT proxy on loopback; knows users and names of its own, and remembers who went where. */
final class ConnectPeer implements AutoCloseable {
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server, 1, 1);
    private final Map<String, String> users;
    private final Map<String, InetSocketAddress> names = new ConcurrentHashMap<>();
    private final List<String> tunnels = new CopyOnWriteArrayList<>();

    /** Lets those users through, by name and password; everybody where there are none. */
    ConnectPeer(Map<String, String> users) throws Exception {
        this.users = users;
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new ConnectHandler() {
            @Override
            protected boolean handleAuthentication(Request request, Response response, String address) {
                String user = user(request.getHeaders().get(HttpHeader.PROXY_AUTHORIZATION));
                tunnels.add(user + " " + address);
                return users.isEmpty() || !user.isEmpty();
            }

            @Override
            protected InetSocketAddress newConnectAddress(String host, int port) {
                InetSocketAddress known = names.get(host + ":" + port);
                return known == null ? super.newConnectAddress(host, port) : known;
            }
        });
        server.start();
    }

    /** The user whose name and password those are, if they are anybody's. */
    private String user(String header) {
        if (header == null || !header.startsWith("Basic ")) {
            return "";
        }
        String[] pair =
                new String(Base64.getDecoder().decode(header.substring(6)), StandardCharsets.UTF_8).split(":", 2);
        return pair[1].equals(users.get(pair[0])) ? pair[0] : "";
    }

    /** Makes a name known to this proxy only. */
    void knows(String host, int port, InetSocketAddress address) {
        names.put(host + ":" + port, address);
    }

    int port() {
        return connector.getLocalPort();
    }

    /** Who asked for a tunnel to where, in order, as in {@code user host:port}. */
    List<String> tunnels() {
        return tunnels;
    }

    @Override
    public void close() {
        LifeCycle.stop(server);
    }
}
