package org.ccrelayer.internal.upstream;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.internal.certificates.KeyStores;
import org.jspecify.annotations.Nullable;

/**
 * What secures the connections of one road, with a session cache of its own. Host names are verified, always. Safe for
 * concurrent use.
 */
final class TlsRoad {
    private static final String[] HTTP_1_1 = {"http/1.1"};

    private final TlsPolicy policy;
    private final TlsMaker maker;
    private final SSLContext context;

    private TlsRoad(TlsPolicy policy, TlsMaker maker, SSLContext context) {
        this.policy = policy;
        this.maker = maker;
        this.context = context;
    }

    /**
     * What keeps {@code policy}.
     *
     * @throws IllegalArgumentException where its certificates cannot be read
     */
    static TlsRoad of(TlsPolicy policy, TlsMaker maker) throws GeneralSecurityException {
        SSLContext context = maker.context();
        context.init(keys(policy, maker), trust(policy, maker), null);
        return new TlsRoad(policy, maker, context);
    }

    private static KeyManager @Nullable [] keys(TlsPolicy policy, TlsMaker maker) throws GeneralSecurityException {
        if (policy.clientKey() == null) {
            return null;
        }
        KeyManagerFactory factory = maker.keyManagers();
        factory.init(KeyStores.key(policy.clientKey()), new char[0]);
        return factory.getKeyManagers();
    }

    private static TrustManager[] trust(TlsPolicy policy, TlsMaker maker) throws GeneralSecurityException {
        KeyStore trusted = policy.trust() == null ? maker.platformTrust() : KeyStores.trust(policy.trust());
        TrustManagerFactory factory = maker.trustManagers();
        factory.init(trusted);
        TrustManager[] managers = factory.getTrustManagers();
        if (policy.pins().isEmpty()) {
            return managers;
        }
        return new TrustManager[] {new PinnedTrust((X509ExtendedTrustManager) managers[0], trusted, policy.pins())};
    }

    /** An engine for one connection to that host, an IPv6 address without brackets. */
    SSLEngine engine(String host, int port) {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setApplicationProtocols(HTTP_1_1);
        if (isName(host)) {
            parameters.setServerNames(List.of(new SNIHostName(host)));
        }
        if (!policy.protocols().isEmpty()) {
            parameters.setProtocols(policy.protocols().toArray(String[]::new));
        }
        if (!policy.cipherSuites().isEmpty()) {
            parameters.setCipherSuites(policy.cipherSuites().toArray(String[]::new));
        }
        maker.set(engine, parameters, policy.namedGroups());
        return engine;
    }

    /** The last part of an address is a number or behind a colon; that of a name begins with a letter. */
    private static boolean isName(String host) {
        return host.indexOf(':') < 0 && Character.isLetter(host.charAt(host.lastIndexOf('.') + 1));
    }
}
