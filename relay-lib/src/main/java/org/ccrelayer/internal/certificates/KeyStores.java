package org.ccrelayer.internal.certificates;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.ccrelayer.account.TlsPolicy.KeyMaterial;
import org.ccrelayer.account.TlsPolicy.KeyMaterial.Pem;
import org.ccrelayer.account.TlsPolicy.KeyMaterial.Pkcs12;

/**
 * Turns certificates and keys into stores in memory. What cannot be read ends in an {@link IllegalArgumentException} that says
 * what is wrong and quotes nothing. Stateless.
 */
public final class KeyStores {
    private static final String ALIAS = "key";
    private static final int MOST_CERTIFICATES = 1_000;

    private KeyStores() {}

    /** The certificates that are trusted, one at least. */
    public static KeyStore trust(KeyMaterial material) {
        List<X509Certificate> trusted =
                material instanceof Pem pem ? PemText.of(pem).certificates() : trusted(material);
        if (trusted.isEmpty()) {
            throw new IllegalArgumentException(
                    material instanceof Pem
                            ? "must have a certificate between BEGIN CERTIFICATE and END CERTIFICATE"
                            : "must have a trusted certificate; import it with keytool, or give a PEM text instead");
        }
        if (trusted.size() > MOST_CERTIFICATES) {
            throw new IllegalArgumentException("must have at most 1000 certificates");
        }
        return of(trusted);
    }

    /** A store of certificates that are trusted. */
    public static KeyStore of(List<X509Certificate> trusted) {
        try {
            KeyStore store = empty();
            int number = 0;
            for (X509Certificate certificate : trusted) {
                store.setCertificateEntry("trusted-" + ++number, certificate);
            }
            return store;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("must have usable certificates", e);
        }
    }

    /** A private key with its chain under an empty password. */
    public static KeyStore key(KeyMaterial material) {
        try {
            KeyStore store = empty();
            if (material instanceof Pem pem) {
                PemText text = PemText.of(pem);
                put(store, text.privateKey(), text.certificates());
            } else {
                copyKey(opened(material), password(material), store);
            }
            return store;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("must have a private key that its password opens", e);
        }
    }

    private static void copyKey(KeyStore from, char[] password, KeyStore to) throws GeneralSecurityException {
        for (String alias : Collections.list(from.aliases())) {
            Key key = from.isKeyEntry(alias) ? from.getKey(alias, password) : null;
            if (key instanceof PrivateKey secret) {
                List<X509Certificate> chain = new ArrayList<>();
                for (Certificate certificate : from.getCertificateChain(alias)) {
                    chain.add((X509Certificate) certificate);
                }
                put(to, secret, chain);
                return;
            }
        }
        throw new IllegalArgumentException("must have a private key");
    }

    private static void put(KeyStore store, PrivateKey key, List<X509Certificate> chain)
            throws GeneralSecurityException {
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("must have the certificate of the private key");
        }
        if (!belong(key, chain.get(0).getPublicKey())) {
            throw new IllegalArgumentException("must begin with the certificate of the private key");
        }
        store.setKeyEntry(ALIAS, key, new char[0], chain.toArray(Certificate[]::new));
    }

    private static boolean belong(PrivateKey key, PublicKey publicKey) throws GeneralSecurityException {
        if (!key.getAlgorithm().equals(publicKey.getAlgorithm())) {
            return false;
        }
        byte[] sample = {1, 2, 3};
        String algorithm = key.getAlgorithm();
        Signature signature = Signature.getInstance(
                switch (algorithm) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> algorithm;
                });
        signature.initSign(key);
        signature.update(sample);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(sample);
        return signature.verify(signed);
    }

    /** The certificates of a store: those that are trusted, or the chain of its key. */
    public static List<X509Certificate> certificates(KeyStore store) {
        try {
            List<X509Certificate> all = new ArrayList<>();
            for (String alias : Collections.list(store.aliases())) {
                if (store.getCertificate(alias) instanceof X509Certificate certificate) {
                    all.add(certificate);
                }
            }
            return all;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("must have usable certificates", e);
        }
    }

    private static List<X509Certificate> trusted(KeyMaterial material) {
        try {
            KeyStore store = opened(material);
            List<X509Certificate> trusted = new ArrayList<>();
            for (String alias : Collections.list(store.aliases())) {
                if (store.isCertificateEntry(alias)
                        && store.getCertificate(alias) instanceof X509Certificate certificate) {
                    trusted.add(certificate);
                }
            }
            return trusted;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("must have usable certificates", e);
        }
    }

    private static KeyStore opened(KeyMaterial material) throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        byte[] bytes =
                Base64.getMimeDecoder().decode(((Pkcs12) material).base64().reveal());
        try {
            store.load(new ByteArrayInputStream(bytes), password(material));
            return store;
        } catch (IOException e) {
            throw new IllegalArgumentException("must be a PKCS 12 store in base64 that its password opens", e);
        }
    }

    private static char[] password(KeyMaterial material) {
        return ((Pkcs12) material).password().reveal().toCharArray();
    }

    private static KeyStore empty() throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            return store;
        } catch (IOException e) {
            throw new GeneralSecurityException("an empty store cannot be made", e);
        }
    }
}
