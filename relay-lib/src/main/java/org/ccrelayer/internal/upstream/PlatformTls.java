package org.ccrelayer.internal.upstream;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.ccrelayer.internal.certificates.KeyStores;

/** The platform's own TLS. Stateless. */
final class PlatformTls implements TlsMaker {
    /** There since Java 20. */
    private static final Optional<Method> SET_GROUPS = method("setNamedGroups");

    private static Optional<Method> method(String name) {
        try {
            return Optional.of(SSLParameters.class.getMethod(name, String[].class));
        } catch (NoSuchMethodException e) {
            return Optional.empty();
        }
    }

    @Override
    public SSLContext context() throws GeneralSecurityException {
        return SSLContext.getInstance("TLS");
    }

    @Override
    public KeyManagerFactory keyManagers() throws GeneralSecurityException {
        return KeyManagerFactory.getInstance("PKIX");
    }

    @Override
    public TrustManagerFactory trustManagers() throws GeneralSecurityException {
        return TrustManagerFactory.getInstance("PKIX");
    }

    @Override
    public KeyStore platformTrust() throws GeneralSecurityException {
        return trusted();
    }

    static KeyStore trusted() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init((KeyStore) null);
        List<X509Certificate> trusted = new ArrayList<>();
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                trusted.addAll(List.of(x509.getAcceptedIssuers()));
            }
        }
        return KeyStores.of(trusted);
    }

    @Override
    public boolean choosesGroups() {
        return SET_GROUPS.isPresent();
    }

    @Override
    public void set(SSLEngine engine, SSLParameters parameters, List<String> groups) {
        if (!groups.isEmpty()) {
            try {
                SET_GROUPS.orElseThrow().invoke(parameters, (Object) groups.toArray(String[]::new));
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalArgumentException("the groups cannot be set", e);
            }
        }
        engine.setSSLParameters(parameters);
    }
}
