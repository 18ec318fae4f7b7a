package org.ccrelayer.internal.upstream;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.account.TlsPolicy.KeyMaterial;
import org.ccrelayer.internal.certificates.KeyStores;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what of a policy an implementation does not keep: value by value it is made to say the first words of a handshake,
 * to nobody. Implementations often leave out in silence what they cannot or may not do. Not for concurrent use.
 */
final class TlsTrial {
    private static final int MOST_PINS = 100;
    private static final int PIN_BYTES = 32;

    private final TlsPolicy policy;
    private final TlsMaker maker;
    private final Map<String, String> problems = new LinkedHashMap<>();

    TlsTrial(TlsPolicy policy, TlsMaker maker) {
        this.policy = policy;
        this.maker = maker;
    }

    /** What is wrong, by field; empty where nothing is. */
    Map<String, String> problems() {
        tryMaterial("trust", policy.trust(), KeyStores::trust);
        tryMaterial("client", policy.clientKey(), KeyStores::key);
        if (policy.pins().size() > MOST_PINS || !policy.pins().stream().allMatch(TlsTrial::isPin)) {
            problems.put("tls.pins", "must be at most 100 SHA-256 hashes of public keys in base64, 44 characters each");
        }
        for (String protocol : policy.protocols()) {
            tryValue("protocols", protocol, with(List.of(protocol), List.of(), List.of()));
        }
        if (problems.isEmpty()) {
            for (String suite : policy.cipherSuites()) {
                tryValue("cipherSuites", suite, with(policy.protocols(), List.of(suite), List.of()));
            }
            tryGroups();
        }
        return problems;
    }

    private static boolean isPin(String pin) {
        try {
            byte[] bytes = Base64.getDecoder().decode(pin);
            return bytes.length == PIN_BYTES
                    && Base64.getEncoder().encodeToString(bytes).equals(pin);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void tryMaterial(String field, @Nullable KeyMaterial material, Function<KeyMaterial, ?> reader) {
        if (material == null) {
            return;
        }
        try {
            reader.apply(material);
        } catch (IllegalArgumentException e) {
            String name = field + (material instanceof KeyMaterial.Pem ? "Pem" : "Store");
            problems.put("tls." + name, String.valueOf(e.getMessage()));
        }
    }

    private void tryGroups() {
        if (!policy.namedGroups().isEmpty() && !maker.choosesGroups()) {
            problems.put(
                    "tls.namedGroups",
                    "JDK chooses them itself before Java 20; leave them out, use provider BC or a later Java");
            return;
        }
        for (String group : policy.namedGroups()) {
            tryValue("namedGroups", group, with(policy.protocols(), List.of(), List.of(group)));
        }
    }

    private TlsPolicy with(List<String> protocols, List<String> suites, List<String> groups) {
        return new TlsPolicy(protocols, suites, groups, null, Set.of(), null, policy.provider());
    }

    private void tryValue(String field, String value, TlsPolicy single) {
        if (!offers(single)) {
            String together = field.equals("protocols") ? "" : " with these protocols";
            problems.putIfAbsent(
                    "tls." + field, policy.provider().id() + " does not offer " + value + together + "; leave it out");
        }
    }

    private boolean offers(TlsPolicy single) {
        try {
            SSLEngine engine = TlsRoad.of(single, maker).engine("upstream.invalid", 443);
            ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.beginHandshake();
            engine.wrap(ByteBuffer.allocate(0), hello);
            hello.flip();
            return hello.hasRemaining() && (single.namedGroups().isEmpty() || ClientHello.offersGroups(hello));
        } catch (GeneralSecurityException | SSLException | IllegalArgumentException | IllegalStateException e) {
            return false;
        }
    }
}
