package org.ccrelayer.internal.upstream;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/** An implementation of TLS, handed in as it is and never registered with the platform. Safe for concurrent use. */
interface TlsMaker {
    SSLContext context() throws GeneralSecurityException;

    KeyManagerFactory keyManagers() throws GeneralSecurityException;

    TrustManagerFactory trustManagers() throws GeneralSecurityException;

    /** Those that are trusted where nobody says otherwise, for {@link #trustManagers}. */
    KeyStore platformTrust() throws GeneralSecurityException;

    /** Whether the groups of the key exchange can be chosen. */
    boolean choosesGroups();

    /** Sets an engine up; no groups means the implementation's. */
    void set(SSLEngine engine, SSLParameters parameters, List<String> groups);
}
