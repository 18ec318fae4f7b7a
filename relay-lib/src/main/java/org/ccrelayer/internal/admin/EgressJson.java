package org.ccrelayer.internal.admin;

import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.EgressProxy.HttpConnect;
import org.ccrelayer.account.EgressProxy.Login;
import org.ccrelayer.account.EgressProxy.Socks5;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.account.TlsPolicy.KeyMaterial;
import org.ccrelayer.event.PoolState;
import org.ccrelayer.internal.certificates.KeyStores;
import org.ccrelayer.internal.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Roads as JSON for operators: no password and no key, of certificates whose they are and when they end. Stateless. */
final class EgressJson {
    private EgressJson() {}

    static JsonObject of(EgressProxy proxy) {
        if (proxy instanceof HttpConnect http) {
            return of("http", http.host(), http.port(), http.login());
        }
        if (proxy instanceof Socks5 socks) {
            return of("socks5", socks.host(), socks.port(), socks.login());
        }
        return JsonObject.empty().with("type", "direct");
    }

    private static JsonObject of(String type, String host, int port, @Nullable Login login) {
        return JsonObject.build()
                .with("type", type)
                .with("host", host)
                .with("port", port)
                .with("username", login == null ? null : login.username())
                .with("hasPassword", login != null)
                .end();
    }

    static JsonObject of(TlsPolicy policy) {
        List<JsonObject> client = certificates(policy.clientKey(), KeyStores::key);
        return JsonObject.build()
                .with("protocols", policy.protocols())
                .with("cipherSuites", policy.cipherSuites())
                .with("namedGroups", policy.namedGroups())
                .with("trust", certificates(policy.trust(), KeyStores::trust))
                .with("pins", new TreeSet<>(policy.pins()))
                .with("client", client.isEmpty() ? null : client.get(0))
                .with("provider", policy.provider().id())
                .end();
    }

    private static List<JsonObject> certificates(
            @Nullable KeyMaterial material, Function<KeyMaterial, KeyStore> reader) {
        if (material == null) {
            return List.of();
        }
        if (!material.secrets().stream().allMatch(Secret::isReadable)) {
            return List.of(problem("cannot be decrypted; set it anew"));
        }
        try {
            return KeyStores.certificates(reader.apply(material)).stream()
                    .map(EgressJson::of)
                    .toList();
        } catch (IllegalArgumentException e) {
            // One account whose certificates are of no use must not hide all others.
            return List.of(problem(String.valueOf(e.getMessage())));
        }
    }

    private static JsonObject problem(String problem) {
        return JsonObject.empty().with("problem", problem);
    }

    private static JsonObject of(X509Certificate certificate) {
        return JsonObject.empty()
                .with("subject", certificate.getSubjectX500Principal().getName())
                .with("expiresAt", certificate.getNotAfter().toInstant().toString());
    }

    static JsonObject of(PoolState pool) {
        return JsonObject.empty()
                .with("open", pool.open())
                .with("inUse", pool.inUse())
                .with("queued", pool.queued());
    }
}
