package org.ccrelayer.internal.upstream;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.BCSSLEngine;
import org.bouncycastle.jsse.BCSSLParameters;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;

/** Bouncy Castle's TLS; its jars are optional, so this class is touched only where a policy asks for it. Immutable. */
final class BouncyTls implements TlsMaker {
    private final Provider provider = new BouncyCastleJsseProvider(false, new BouncyCastleProvider());

    @Override
    public SSLContext context() throws GeneralSecurityException {
        return SSLContext.getInstance("TLS", provider);
    }

    @Override
    public KeyManagerFactory keyManagers() throws GeneralSecurityException {
        return KeyManagerFactory.getInstance("PKIX", provider);
    }

    @Override
    public TrustManagerFactory trustManagers() throws GeneralSecurityException {
        return TrustManagerFactory.getInstance("PKIX", provider);
    }

    @Override
    public KeyStore platformTrust() throws GeneralSecurityException {
        return PlatformTls.trusted();
    }

    @Override
    public boolean choosesGroups() {
        return true;
    }

    @Override
    public void set(SSLEngine engine, SSLParameters parameters, List<String> groups) {
        engine.setSSLParameters(parameters);
        if (!groups.isEmpty()) {
            BCSSLEngine own = (BCSSLEngine) engine;
            BCSSLParameters more = own.getParameters();
            more.setNamedGroups(groups.toArray(String[]::new));
            own.setParameters(more);
        }
    }
}
