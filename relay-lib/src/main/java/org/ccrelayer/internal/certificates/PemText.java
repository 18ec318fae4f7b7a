package org.ccrelayer.internal.certificates;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ccrelayer.account.TlsPolicy.KeyMaterial.Pem;

/**
 * Certificates and keys between {@code BEGIN} and {@code END} lines (RFC 7468); what stands between the blocks is passed over.
 * Immutable; prints nothing of it.
 */
final class PemText {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]{0,200000}+)-----END \\1-----");
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String KEY = "PRIVATE KEY";
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "Ed25519", "Ed448");

    private final List<byte[]> certificates = new ArrayList<>();
    private final List<byte[]> keys = new ArrayList<>();

    private PemText(String text) {
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            if (block.group(1).equals(CERTIFICATE)) {
                certificates.add(decoded(block.group(2)));
            } else if (block.group(1).equals(KEY)) {
                keys.add(decoded(block.group(2)));
            } else if (block.group(1).endsWith(KEY)) {
                throw new IllegalArgumentException("must have its key as BEGIN PRIVATE KEY (PKCS 8, not encrypted);"
                        + " openssl pkcs8 -topk8 -nocrypt makes it so");
            }
        }
    }

    static PemText of(Pem pem) {
        return new PemText(pem.text().reveal());
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("must have base64 between its lines", e);
        }
    }

    /** Its certificates, in order. */
    List<X509Certificate> certificates() {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            List<X509Certificate> read = new ArrayList<>();
            for (byte[] bytes : certificates) {
                read.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(bytes)));
            }
            return read;
        } catch (CertificateException e) {
            throw new IllegalArgumentException("must have certificates that can be read", e);
        }
    }

    /** Its one private key. */
    PrivateKey privateKey() {
        if (keys.size() != 1) {
            throw new IllegalArgumentException(
                    "must have one private key between BEGIN PRIVATE KEY and END PRIVATE KEY");
        }
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(keys.get(0)));
            } catch (GeneralSecurityException e) {
                // Another algorithm may fit.
                continue;
            }
        }
        throw new IllegalArgumentException("must have a private key of RSA, EC, Ed25519 or Ed448");
    }
}
