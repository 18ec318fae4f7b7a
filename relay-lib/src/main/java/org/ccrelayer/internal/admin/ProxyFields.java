package org.ccrelayer.internal.admin;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.EgressProxy.HttpConnect;
import org.ccrelayer.account.EgressProxy.Login;
import org.ccrelayer.account.EgressProxy.Socks5;
import org.ccrelayer.account.Secret;
import org.jspecify.annotations.Nullable;

/** The proxy in a request body. A bad value is a problem of the body. Immutable. */
final class ProxyFields {
    /** Every member that is read here. */
    static final List<String> NAMES = List.of("proxy", "proxyFrom");

    private static final String NAME = "proxy";
    private static final String FROM = "proxyFrom";

    private static final String TYPES = "must be direct, http or socks5";

    private final Optional<EgressProxy> copied;
    private final boolean removed;
    private final Optional<BodyFields> given;
    private final String type;
    private final String host;
    private final int port;
    private final @Nullable String username;
    private final Optional<Secret> password;

    ProxyFields(BodyFields body, KnownProxies known) {
        Optional<String> from = body.string(FROM);
        if (from.isPresent() && body.has(NAME)) {
            body.problem(FROM, "cannot be given together with proxy; give one of them");
        }
        copied = body.checked(FROM, from, known::problem).flatMap(known::find);
        removed = body.isNull(NAME);
        given = body.object(NAME, "type", "host", "port", "username", "password");
        type = given.flatMap(proxy -> proxy.required("type", proxy.string("type")))
                .orElse("");
        given.filter(proxy -> proxy.has("type") && !isType(type)).ifPresent(proxy -> proxy.problem("type", TYPES));
        Optional<BodyFields> real = given.filter(proxy -> !type.equals("direct"));
        host = real.flatMap(proxy -> proxy.required("host", proxy.string("host")))
                .orElse("")
                .toLowerCase(Locale.ROOT);
        port = real.flatMap(proxy -> proxy.required("port", proxy.number(WholeNumber.PORT)))
                .map(Math::toIntExact)
                .orElse(1);
        username = real.flatMap(proxy -> proxy.string("username")).orElse(null);
        password = real.flatMap(proxy -> proxy.string("password")).map(Secret::of);
        real.filter(proxy -> username == null && proxy.has("password"))
                .ifPresent(proxy -> proxy.problem("username", "is required with a password"));
    }

    private static boolean isType(String type) {
        return type.equals("direct") || type.equals("http") || type.equals("socks5");
    }

    /** The change that the body asks for; nothing where it says nothing. */
    Optional<UnaryOperator<EgressProxy>> change() {
        return removed || given.isPresent() || copied.isPresent() ? Optional.of(this::over) : Optional.empty();
    }

    /** The proxy in place of the old one. A password that is not given stays only where everything else does. */
    EgressProxy over(EgressProxy old) {
        if (copied.isPresent()) {
            return copied.get();
        }
        if (removed || given.isEmpty() || type.equals("direct")) {
            return EgressProxy.DIRECT;
        }
        EgressProxy without = proxy(null);
        if (username == null) {
            return without;
        }
        Secret known = password.or(() -> passwordOf(old, without)).orElse(null);
        if (known == null) {
            throw new IllegalArgumentException("proxy.password: is required with a username");
        }
        return proxy(new Login(username, known));
    }

    private EgressProxy proxy(@Nullable Login login) {
        return type.equals("http") ? new HttpConnect(host, port, login) : new Socks5(host, port, login);
    }

    private Optional<Secret> passwordOf(EgressProxy old, EgressProxy without) {
        Login login =
                old instanceof HttpConnect http ? http.login() : old instanceof Socks5 socks ? socks.login() : null;
        if (login == null || !Objects.equals(login.username(), username)) {
            return Optional.empty();
        }
        EgressProxy oldWithout = old instanceof HttpConnect http
                ? new HttpConnect(http.host(), http.port(), null)
                : new Socks5(((Socks5) old).host(), ((Socks5) old).port(), null);
        return oldWithout.equals(without) ? Optional.of(login.password()) : Optional.empty();
    }
}
