package org.ccrelayer.internal.upstream;

import org.ccrelayer.account.EgressProxy.Login;
import org.ccrelayer.account.EgressProxy.Socks5;
import org.eclipse.jetty.client.Socks5.NoAuthenticationFactory;
import org.eclipse.jetty.client.Socks5.UsernamePasswordAuthenticationFactory;
import org.eclipse.jetty.client.Socks5Proxy;
import org.eclipse.jetty.io.ClientConnectionFactory;

/** Has a SOCKS 5 proxy open a tunnel; the proxy is told the upstream's name, not its address. Stateless. */
final class SocksTunnel {
    private SocksTunnel() {}

    /** A tunnel that goes on with {@code next}. Where there is a login, a proxy that wants none is not used. */
    static ClientConnectionFactory through(Socks5 proxy, ClientConnectionFactory next) {
        Socks5Proxy library = new Socks5Proxy(proxy.host(), proxy.port());
        Login login = proxy.login();
        if (login != null) {
            library.removeAuthenticationFactory(NoAuthenticationFactory.METHOD);
            library.putAuthenticationFactory(new UsernamePasswordAuthenticationFactory(
                    login.username(), login.password().reveal()));
        }
        return library.newClientConnectionFactory(next);
    }
}
