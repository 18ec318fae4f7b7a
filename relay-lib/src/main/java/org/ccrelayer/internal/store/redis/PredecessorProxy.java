package org.ccrelayer.internal.store.redis;

import java.util.Optional;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.EgressProxy.HttpConnect;
import org.ccrelayer.account.EgressProxy.Login;
import org.ccrelayer.account.EgressProxy.Socks5;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.json.JsonException;
import org.ccrelayer.internal.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** An account's proxy as the predecessor keeps it: JSON, its password in the clear. Stateless. */
final class PredecessorProxy {
    /** Stands for a proxy that cannot be used: nothing leads there, and none has this name (RFC 2606). */
    static final EgressProxy UNUSABLE = new HttpConnect("unreadable.invalid", 1, null);

    private PredecessorProxy() {}

    /** The proxy; empty where something is written there that is none, or one that the relay cannot use. */
    static Optional<EgressProxy> read(String text) {
        if (text.isBlank() || text.equals("null") || text.equals("{}")) {
            return Optional.of(EgressProxy.DIRECT);
        }
        try {
            return proxy(JsonObject.parse(text));
        } catch (JsonException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<EgressProxy> proxy(JsonObject json) {
        String host = json.string("host").orElse("");
        if (host.isBlank()) {
            return Optional.empty();
        }
        int port = port(json.get("port"));
        return switch (json.string("type").orElse("")) {
            case "http" -> Optional.of(new HttpConnect(host, port, login(json)));
            case "socks5" -> Optional.of(new Socks5(host, port, login(json)));
            default -> Optional.empty();
        };
    }

    /** A number, also as a text. */
    private static int port(@Nullable Object port) {
        return Integer.parseInt(String.valueOf(port).strip());
    }

    private static @Nullable Login login(JsonObject json) {
        String username = json.string("username").orElse("");
        String password = json.string("password").orElse("");
        return username.isEmpty() || password.isEmpty() ? null : new Login(username, Secret.of(password));
    }

    static String write(EgressProxy proxy) {
        if (proxy instanceof HttpConnect http) {
            return json("http", http.host(), http.port(), http.login());
        }
        return proxy instanceof Socks5 socks ? json("socks5", socks.host(), socks.port(), socks.login()) : "";
    }

    private static String json(String type, String host, int port, @Nullable Login login) {
        JsonObject json =
                JsonObject.empty().with("type", type).with("host", host).with("port", port);
        return login == null
                ? json.toString()
                : json.with("username", login.username())
                        .with("password", login.password().reveal())
                        .toString();
    }
}
