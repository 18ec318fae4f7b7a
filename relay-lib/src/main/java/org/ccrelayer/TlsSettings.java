package org.ccrelayer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.account.TlsPolicy.KeyMaterial;
import org.ccrelayer.account.TlsPolicy.Provider;
import org.ccrelayer.internal.upstream.UpstreamClient;
import org.jspecify.annotations.Nullable;

/** The TLS policy of the whole relay, out of its settings. Stateless. */
final class TlsSettings {
    /** What a policy's fields are called among the settings. */
    private static final Map<String, ConfigKey> KEYS = new TreeMap<>(Map.of(
            "tls.protocols", ConfigKey.TLS_PROTOCOLS,
            "tls.cipherSuites", ConfigKey.TLS_CIPHER_SUITES,
            "tls.namedGroups", ConfigKey.TLS_NAMED_GROUPS,
            "tls.pins", ConfigKey.TLS_PINS,
            "tls.trustPem", ConfigKey.TLS_TRUST_FILE,
            "tls.trustStore", ConfigKey.TLS_TRUST_FILE,
            "tls.clientPem", ConfigKey.TLS_CLIENT_FILE,
            "tls.clientStore", ConfigKey.TLS_CLIENT_FILE,
            "tls.provider", ConfigKey.TLS_PROVIDER));

    private TlsSettings() {}

    /**
     * The policy.
     *
     * @throws RelayConfigException if it cannot be kept on this platform, or a file cannot be read
     */
    static TlsPolicy policy(RelayConfig config) {
        TlsPolicy policy = read(config);
        Map<String, String> problems = UpstreamClient.problems(policy);
        if (!problems.isEmpty()) {
            throw new RelayConfigException(problems.entrySet().stream()
                    .map(problem -> KEYS.get(problem.getKey()).label() + ": " + problem.getValue())
                    .toList());
        }
        return policy;
    }

    private static TlsPolicy read(RelayConfig config) {
        return new TlsPolicy(
                list(config, ConfigKey.TLS_PROTOCOLS),
                list(config, ConfigKey.TLS_CIPHER_SUITES),
                list(config, ConfigKey.TLS_NAMED_GROUPS),
                material(config, ConfigKey.TLS_TRUST_FILE, ConfigKey.TLS_TRUST_PASSWORD),
                Set.copyOf(list(config, ConfigKey.TLS_PINS)),
                material(config, ConfigKey.TLS_CLIENT_FILE, ConfigKey.TLS_CLIENT_PASSWORD),
                Provider.byId(config.text(ConfigKey.TLS_PROVIDER))
                        .orElseThrow(() -> refused(ConfigKey.TLS_PROVIDER, "must be JDK or BC")));
    }

    private static List<String> list(RelayConfig config, ConfigKey key) {
        return Arrays.stream(config.text(key).split(","))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .distinct()
                .toList();
    }

    private static @Nullable KeyMaterial material(RelayConfig config, ConfigKey file, ConfigKey password) {
        Path path = config.path(file).orElse(null);
        if (path == null) {
            return null;
        }
        byte[] bytes = read(path, file);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return text.contains("-----BEGIN ")
                ? new KeyMaterial.Pem(Secret.of(text))
                : new KeyMaterial.Pkcs12(Secret.of(Base64.getEncoder().encodeToString(bytes)), config.secret(password));
    }

    private static byte[] read(Path path, ConfigKey key) {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw refused(key, "must name a file that can be read");
        }
    }

    private static RelayConfigException refused(ConfigKey key, String problem) {
        return new RelayConfigException(List.of(key.label() + ": " + problem));
    }
}
