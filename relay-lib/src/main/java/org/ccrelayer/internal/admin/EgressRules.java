package org.ccrelayer.internal.admin;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.EgressProxy.HttpConnect;
import org.ccrelayer.account.EgressProxy.Login;
import org.ccrelayer.account.EgressProxy.Socks5;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.account.TlsPolicy.KeyMaterial;
import org.ccrelayer.account.TlsPolicy.KeyMaterial.Pem;
import org.ccrelayer.account.TlsPolicy.KeyMaterial.Pkcs12;
import org.ccrelayer.internal.network.EndpointGuard;
import org.jspecify.annotations.Nullable;

/** What proxies and TLS policies must be like, by the fields' names in the administration API. Stateless. */
final class EgressRules {
    private static final Optional<String> UNREADABLE = Optional.of("cannot be decrypted; set it anew");
    private static final int LONGEST_LOGIN_PART = 255;
    private static final int LONGEST_MATERIAL = 262_144;
    private static final int MOST_VALUES = 100;
    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    private EgressRules() {}

    /** Notes everything that is wrong with a proxy. */
    static void check(EgressProxy proxy, Problems problems) {
        if (proxy instanceof HttpConnect http) {
            problems.add("proxy.host", EndpointGuard.proxyProblem(http.host().toLowerCase(Locale.ROOT)));
            check(http.login(), problems);
            Login login = http.login();
            if (login != null && login.username().indexOf(':') >= 0) {
                problems.add("proxy.username", "must have no colon");
            }
        } else if (proxy instanceof Socks5 socks) {
            problems.add("proxy.host", EndpointGuard.proxyProblem(socks.host().toLowerCase(Locale.ROOT)));
            check(socks.login(), problems);
        }
    }

    private static void check(@Nullable Login login, Problems problems) {
        if (login != null) {
            problems.add("proxy.username", loginProblem(login.username()));
            problems.add(
                    "proxy.password",
                    login.password().isReadable()
                            ? loginProblem(login.password().reveal())
                            : UNREADABLE);
        }
    }

    /** The bound is that of SOCKS (RFC 1929), which serves for both. */
    private static Optional<String> loginProblem(String text) {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        boolean control = text.codePoints().anyMatch(Character::isISOControl);
        return length < 1 || length > LONGEST_LOGIN_PART || control
                ? Optional.of("must be 1 to 255 bytes in UTF-8, without control characters")
                : Optional.empty();
    }

    /** Notes everything that is wrong with a policy; {@code trial} tells what cannot be kept on this platform. */
    static void check(TlsPolicy policy, Function<TlsPolicy, Map<String, String>> trial, Problems problems) {
        Problems form = new Problems();
        form.add("tls.protocols", valuesProblem(policy.protocols()));
        form.add("tls.cipherSuites", valuesProblem(policy.cipherSuites()));
        form.add("tls.namedGroups", valuesProblem(policy.namedGroups()));
        form.add(materialField("trust", policy.trust()), materialProblem(policy.trust()));
        form.add(materialField("client", policy.clientKey()), materialProblem(policy.clientKey()));
        problems.add(form);
        if (form.none()) {
            trial.apply(policy).forEach(problems::add);
        }
    }

    private static Optional<String> valuesProblem(Collection<String> values) {
        boolean good = values.size() <= MOST_VALUES
                && values.stream().allMatch(value -> VALUE.matcher(value).matches());
        return good
                ? Optional.empty()
                : Optional.of("must be at most 100 names of 1 to 64 of the characters A-Z a-z 0-9 . _ -");
    }

    private static String materialField(String name, @Nullable KeyMaterial material) {
        return "tls." + name + (material instanceof Pkcs12 ? "Store" : "Pem");
    }

    private static Optional<String> materialProblem(@Nullable KeyMaterial material) {
        if (material != null && !material.secrets().stream().allMatch(Secret::isReadable)) {
            return UNREADABLE;
        }
        String text = material instanceof Pem pem
                ? pem.text().reveal()
                : material instanceof Pkcs12 store ? store.base64().reveal() : "";
        return text.length() > LONGEST_MATERIAL ? Optional.of("must be at most 262144 characters") : Optional.empty();
    }
}
