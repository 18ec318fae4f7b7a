package org.ccrelayer.internal.store.embedded;

import static org.ccrelayer.internal.store.embedded.RecordFormat.number;
import static org.ccrelayer.internal.store.embedded.RecordFormat.text;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.EgressProxy.HttpConnect;
import org.ccrelayer.account.EgressProxy.Login;
import org.ccrelayer.account.EgressProxy.Socks5;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.account.TlsPolicy.KeyMaterial;
import org.ccrelayer.account.TlsPolicy.KeyMaterial.Pem;
import org.ccrelayer.account.TlsPolicy.KeyMaterial.Pkcs12;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.store.SecretCipher;
import org.ccrelayer.store.SecretPlace;
import org.jspecify.annotations.Nullable;

/** The road of an account, as members of its JSON; passwords, certificates and keys sealed. Immutable. */
final class RoadFormat {
    private final SecretCipher cipher;

    RoadFormat(SecretCipher cipher) {
        this.cipher = cipher;
    }

    JsonObject write(JsonObject json, Account account) {
        return json.with("proxy", proxy(account)).with("tls", tls(account));
    }

    private @Nullable JsonObject proxy(Account account) {
        if (account.proxy() instanceof HttpConnect http) {
            return proxy("http", http.host(), http.port())
                    .with("username", username(http.login()))
                    .with("password", password(http.login(), account.id()));
        }
        if (account.proxy() instanceof Socks5 socks) {
            return proxy("socks5", socks.host(), socks.port())
                    .with("username", username(socks.login()))
                    .with("password", password(socks.login(), account.id()));
        }
        return null;
    }

    private static JsonObject proxy(String type, String host, int port) {
        return JsonObject.empty().with("type", type).with("host", host).with("port", port);
    }

    private static @Nullable String username(@Nullable Login login) {
        return login == null ? null : login.username();
    }

    private @Nullable String password(@Nullable Login login, String id) {
        return login == null ? null : cipher.seal(login.password(), place(id, "proxy/password"));
    }

    private @Nullable JsonObject tls(Account account) {
        TlsPolicy policy = account.tls();
        if (policy.equals(TlsPolicy.DEFAULT)) {
            return null;
        }
        return JsonObject.build()
                .with("protocols", policy.protocols())
                .with("cipherSuites", policy.cipherSuites())
                .with("namedGroups", policy.namedGroups())
                .with("trust", material(policy.trust(), account.id(), "trust"))
                .with("pins", new TreeSet<>(policy.pins()))
                .with("client", material(policy.clientKey(), account.id(), "client"))
                .with("provider", policy.provider().id())
                .end();
    }

    private @Nullable JsonObject material(@Nullable KeyMaterial material, String id, String name) {
        if (material instanceof Pem pem) {
            return JsonObject.empty().with("pem", cipher.seal(pem.text(), place(id, name + "/pem")));
        }
        if (material instanceof Pkcs12 store) {
            return JsonObject.empty()
                    .with("store", cipher.seal(store.base64(), place(id, name + "/store")))
                    .with("password", cipher.seal(store.password(), place(id, name + "/password")));
        }
        return null;
    }

    EgressProxy readProxy(JsonObject account, String id) {
        return account.object("proxy").map(json -> proxy(json, id)).orElse(EgressProxy.DIRECT);
    }

    private EgressProxy proxy(JsonObject json, String id) {
        String host = text(json, "host");
        int port = Math.toIntExact(number(json, "port"));
        Login login = json.string("username")
                .map(name -> new Login(name, cipher.open(text(json, "password"), place(id, "proxy/password"))))
                .orElse(null);
        return switch (text(json, "type")) {
            case "http" -> new HttpConnect(host, port, login);
            case "socks5" -> new Socks5(host, port, login);
            default -> throw new IllegalStateException("a record in the store has a proxy of another type");
        };
    }

    TlsPolicy readTls(JsonObject account, String id) {
        return account.object("tls").map(json -> tls(json, id)).orElse(TlsPolicy.DEFAULT);
    }

    private TlsPolicy tls(JsonObject json, String id) {
        return new TlsPolicy(
                list(json, "protocols"),
                list(json, "cipherSuites"),
                list(json, "namedGroups"),
                json.object("trust").map(trust -> material(trust, id, "trust")).orElse(null),
                Set.copyOf(list(json, "pins")),
                json.object("client")
                        .map(client -> material(client, id, "client"))
                        .orElse(null),
                TlsPolicy.Provider.byId(text(json, "provider"))
                        .orElseThrow(() -> new IllegalStateException("a record in the store has another provider")));
    }

    private KeyMaterial material(JsonObject json, String id, String name) {
        return json.has("pem")
                ? new Pem(cipher.open(text(json, "pem"), place(id, name + "/pem")))
                : new Pkcs12(
                        cipher.open(text(json, "store"), place(id, name + "/store")),
                        cipher.open(text(json, "password"), place(id, name + "/password")));
    }

    private static List<String> list(JsonObject json, String name) {
        return json.strings(name).orElse(List.of());
    }

    private static SecretPlace place(String id, String name) {
        return SecretPlace.text("account/" + id + "/" + name);
    }
}
