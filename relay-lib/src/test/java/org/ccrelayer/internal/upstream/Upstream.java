package org.ccrelayer.internal.upstream;

import java.net.InetSocketAddress;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/** An upstream on loopback that counts connections, keeps what it is sent and says how it was reached. */
final class Upstream implements AutoCloseable {
    private final Server server = new Server();
    private final ServerConnector connector;
    private final AtomicInteger connections = new AtomicInteger();
    private final List<HttpFields> requests = new CopyOnWriteArrayList<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();

    /** How a request came. */
    record Seen(
            String protocol, String cipherSuite, @Nullable X509Certificate client) {}

    private Upstream(SslContextFactory.@Nullable Server tls) throws Exception {
        HttpConfiguration configuration = new HttpConfiguration();
        SecureRequestCustomizer secure = new SecureRequestCustomizer();
        secure.setSniHostCheck(false);
        configuration.addCustomizer(secure);
        HttpConnectionFactory http = new HttpConnectionFactory(configuration);
        connector = tls == null
                ? new ServerConnector(server, 1, 1, http)
                : new ServerConnector(server, 1, 1, new SslConnectionFactory(tls, "http/1.1"), http);
        connector.setHost("127.0.0.1");
        connector.addBean(new Connection.Listener() {
            @Override
            public void onOpened(Connection connection) {
                if (connection.getEndPoint() instanceof EndPoint.Wrapper == false) {
                    connections.incrementAndGet();
                }
            }
        });
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                requests.add(request.getHeaders());
                if (request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE) instanceof EndPoint.SslSessionData data) {
                    SSLSession session = data.sslSession();
                    X509Certificate[] chain = data.peerCertificates();
                    seen.add(
                            new Seen(session.getProtocol(), session.getCipherSuite(), chain == null ? null : chain[0]));
                }
                Content.Sink.write(response, true, "hello", callback);
                return true;
            }
        });
        server.start();
    }

    static Upstream plain() throws Exception {
        return new Upstream(null);
    }

    /** With that identity and whatever else is set. */
    static Upstream secured(TestAuthority.Identity identity, Consumer<SslContextFactory.Server> settings)
            throws Exception {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStore(identity.keyStore("JKS"));
        tls.setKeyStorePassword(new String(TestAuthority.PASSWORD));
        tls.setSniRequired(false);
        settings.accept(tls);
        return new Upstream(tls);
    }

    int port() {
        return connector.getLocalPort();
    }

    InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", port());
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port());
    }

    URI secureUri(String host) {
        return URI.create("https://" + host + ":" + port());
    }

    int connections() {
        return connections.get();
    }

    List<HttpFields> requests() {
        return requests;
    }

    /** How the last request came. */
    Seen seen() {
        return seen.get(seen.size() - 1);
    }

    @Override
    public void close() {
        LifeCycle.stop(server);
    }
}
