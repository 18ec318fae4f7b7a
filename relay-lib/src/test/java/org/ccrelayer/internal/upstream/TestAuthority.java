package org.ccrelayer.internal.upstream;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Issues certificates that are good for a day, so that none in a test ever expires. */
public final class TestAuthority {
    public static final char[] PASSWORD = "store password".toCharArray();

    private static final AtomicLong SERIAL = new AtomicLong(1);

    private final KeyPair keys;
    private final X509Certificate certificate;

    private TestAuthority(KeyPair keys, X509Certificate certificate) {
        this.keys = keys;
        this.certificate = certificate;
    }

    /** A key with its certificate and that of its issuer. */
    public record Identity(PrivateKey key, X509Certificate certificate, X509Certificate issuer) {
        /** Certificate, issuer and key, as operators have them in files. */
        public String pem() {
            return block("CERTIFICATE", encoded(certificate))
                    + block("CERTIFICATE", encoded(issuer))
                    + block("PRIVATE KEY", key.getEncoded());
        }

        /** A store of that type; PKCS12 takes only chains that are chains. */
        public KeyStore keyStore(String type) throws Exception {
            KeyStore store = KeyStore.getInstance(type);
            store.load(null, null);
            store.setKeyEntry("identity", key, PASSWORD, new Certificate[] {certificate, issuer});
            return store;
        }

        String pkcs12() throws Exception {
            return base64(keyStore("PKCS12"));
        }

        String pin() throws Exception {
            return TestAuthority.pin(certificate);
        }
    }

    public static TestAuthority create() throws Exception {
        KeyPair keys = keys();
        X500Name name = new X500Name("CN=Test Authority " + SERIAL.incrementAndGet());
        JcaX509v3CertificateBuilder builder = builder(name, name, keys);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        return new TestAuthority(keys, signed(builder, keys));
    }

    /** An identity for those host names and addresses; the first is also its common name. */
    public Identity identity(String... names) throws Exception {
        KeyPair own = keys();
        X500Name issuer =
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        JcaX509v3CertificateBuilder builder = builder(issuer, new X500Name("CN=" + names[0]), own);
        GeneralName[] general = new GeneralName[names.length];
        for (int index = 0; index < names.length; index++) {
            boolean address = names[index].matches("[0-9.]+");
            general[index] = new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, names[index]);
        }
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(general));
        return new Identity(own.getPrivate(), signed(builder, keys), certificate);
    }

    private static KeyPair keys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    private static JcaX509v3CertificateBuilder builder(X500Name issuer, X500Name subject, KeyPair keys) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                issuer,
                BigInteger.valueOf(SERIAL.incrementAndGet()),
                Date.from(now.minus(1, ChronoUnit.HOURS)),
                Date.from(now.plus(1, ChronoUnit.DAYS)),
                subject,
                keys.getPublic());
    }

    private static X509Certificate signed(X509v3CertificateBuilder builder, KeyPair signer) throws Exception {
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
    }

    X509Certificate certificate() {
        return certificate;
    }

    String pem() {
        return block("CERTIFICATE", encoded(certificate));
    }

    KeyStore trustStore() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("authority", certificate);
        return store;
    }

    String pkcs12() throws Exception {
        return base64(trustStore());
    }

    static String pin(X509Certificate certificate) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256")
                .digest(certificate.getPublicKey().getEncoded());
        return Base64.getEncoder().encodeToString(hash);
    }

    private static String base64(KeyStore store) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        store.store(bytes, PASSWORD);
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (java.security.cert.CertificateEncodingException e) {
            throw new AssertionError(e);
        }
    }

    private static String block(String type, byte[] bytes) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + type + "-----\n";
    }
}
