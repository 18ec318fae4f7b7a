package org.ccrelayer.internal.admin;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.account.TlsPolicy.KeyMaterial;
import org.ccrelayer.account.TlsPolicy.KeyMaterial.Pem;
import org.ccrelayer.account.TlsPolicy.KeyMaterial.Pkcs12;
import org.ccrelayer.account.TlsPolicy.Provider;
import org.jspecify.annotations.Nullable;

/**
 * The TLS policy in a request body, laid over the one that an account has: what the body does not name stays, an empty list or
 * text takes away. A bad value is a problem of the body. Immutable.
 */
final class TlsFields {
    /** The member that is read here. */
    static final String NAME = "tls";

    private static final String[] MEMBERS = {
        "protocols",
        "cipherSuites",
        "namedGroups",
        "trustPem",
        "trustStore",
        "trustStorePassword",
        "pins",
        "clientPem",
        "clientStore",
        "clientStorePassword",
        "provider"
    };

    private final boolean removed;
    private final Optional<BodyFields> given;
    private final Optional<List<String>> protocols;
    private final Optional<List<String>> suites;
    private final Optional<List<String>> groups;
    private final Optional<Set<String>> pins;
    private final Optional<Optional<KeyMaterial>> trust;
    private final Optional<Optional<KeyMaterial>> client;
    private final Optional<Provider> provider;

    TlsFields(BodyFields body) {
        removed = body.isNull(NAME);
        given = body.object(NAME, MEMBERS);
        protocols = given.flatMap(tls -> tls.list("protocols"));
        suites = given.flatMap(tls -> tls.list("cipherSuites"));
        groups = given.flatMap(tls -> tls.list("namedGroups"));
        pins = given.flatMap(tls -> tls.strings("pins"));
        trust = given.flatMap(tls -> material(tls, "trust"));
        client = given.flatMap(tls -> material(tls, "client"));
        provider = given.flatMap(TlsFields::provider);
    }

    /** What is given of a pair of a PEM text and a store; an empty text is given and is nothing. */
    private static Optional<Optional<KeyMaterial>> material(BodyFields tls, String name) {
        Optional<String> pem = tls.string(name + "Pem");
        Optional<String> store = tls.string(name + "Store");
        Optional<String> password = tls.string(name + "StorePassword");
        if (pem.isPresent() && store.isPresent()) {
            tls.problem(name + "Store", "must not be given together with " + name + "Pem");
        }
        if (password.isPresent() && store.isEmpty()) {
            tls.problem(name + "StorePassword", "must be given together with " + name + "Store");
        }
        return store.or(() -> pem)
                .map(text -> text.isEmpty() ? Optional.empty() : Optional.of(material(pem, text, password)));
    }

    private static KeyMaterial material(Optional<String> pem, String text, Optional<String> password) {
        return pem.isPresent() ? new Pem(Secret.of(text)) : new Pkcs12(Secret.of(text), Secret.of(password.orElse("")));
    }

    private static Optional<Provider> provider(BodyFields tls) {
        return tls.checked(
                        "provider",
                        tls.string("provider"),
                        id -> Provider.byId(id).isPresent() ? Optional.empty() : Optional.of("must be JDK or BC"))
                .flatMap(Provider::byId);
    }

    /** The change that the body asks for; nothing where it says nothing. */
    Optional<UnaryOperator<TlsPolicy>> change() {
        return removed || given.isPresent() ? Optional.of(this::over) : Optional.empty();
    }

    /** The policy after the change. */
    TlsPolicy over(TlsPolicy old) {
        if (removed) {
            return TlsPolicy.DEFAULT;
        }
        return new TlsPolicy(
                protocols.orElse(old.protocols()),
                suites.orElse(old.cipherSuites()),
                groups.orElse(old.namedGroups()),
                left(trust, old.trust()),
                pins.orElse(old.pins()),
                left(client, old.clientKey()),
                provider.orElse(old.provider()));
    }

    private static @Nullable KeyMaterial left(Optional<Optional<KeyMaterial>> given, @Nullable KeyMaterial old) {
        return given.isEmpty() ? old : given.get().orElse(null);
    }
}
