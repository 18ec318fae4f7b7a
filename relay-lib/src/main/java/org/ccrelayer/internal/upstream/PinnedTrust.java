package org.ccrelayer.internal.upstream;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts what another trusts, if the path from the upstream's certificate to a trusted one has a pinned key (RFC 7469 section
 * 2.6). What an upstream sends beside that path does not count. Safe for concurrent use.
 */
final class PinnedTrust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager trust;
    private final KeyStore trusted;
    private final Set<String> pins;

    PinnedTrust(X509ExtendedTrustManager trust, KeyStore trusted, Set<String> pins) {
        this.trust = trust;
        this.trusted = trusted;
        this.pins = pins;
    }

    /** The path has none of the pinned keys. */
    static final class NotPinned extends CertificateException {
        private static final long serialVersionUID = 1L;

        NotPinned() {
            super("no certificate on the path to a trusted one has a pinned key");
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        trust.checkServerTrusted(chain, type, engine);
        checkPins(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        trust.checkServerTrusted(chain, type, socket);
        checkPins(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        trust.checkServerTrusted(chain, type);
        checkPins(chain);
    }

    private void checkPins(X509Certificate[] chain) throws CertificateException {
        try {
            for (PublicKey key : keysOnPath(chain)) {
                if (pins.contains(pin(key))) {
                    return;
                }
            }
        } catch (GeneralSecurityException e) {
            throw new CertificateException("no path to a trusted certificate", e);
        }
        throw new NotPinned();
    }

    private List<PublicKey> keysOnPath(X509Certificate[] chain) throws GeneralSecurityException {
        X509CertSelector leaf = new X509CertSelector();
        leaf.setCertificate(chain[0]);
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(trusted, leaf);
        parameters.setRevocationEnabled(false);
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(List.of(chain))));
        PKIXCertPathBuilderResult path =
                (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters);
        List<PublicKey> keys = new ArrayList<>();
        for (Certificate certificate : path.getCertPath().getCertificates()) {
            keys.add(certificate.getPublicKey());
        }
        keys.add(path.getTrustAnchor().getTrustedCert().getPublicKey());
        return keys;
    }

    private static String pin(PublicKey key) throws GeneralSecurityException {
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        trust.checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        trust.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        trust.checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trust.getAcceptedIssuers();
    }
}
