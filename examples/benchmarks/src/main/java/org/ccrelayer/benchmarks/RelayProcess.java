package org.ccrelayer.benchmarks;

import java.util.UUID;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.Relay;
import org.ccrelayer.RelayConfig;
import org.ccrelayer.RelayConfigBuilder;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.admin.RelayAdministration;
import org.ccrelayer.standalone.RelayServer;

/** The relay as it runs in earnest: store in a file, keys, metering, ledger, administration and request log. */
final class RelayProcess {
    private RelayProcess() {}

    /** Arguments: the port to call back, the port of the upstream, an empty directory. */
    public static void main(String[] arguments) throws Exception {
        RelayConfig config = config(arguments[2]);
        try (ParentLine parent = ParentLine.to(arguments[0]);
                Relay relay = Relay.start(config);
                RelayServer server = RelayServer.start(config, relay)) {
            parent.serveUntilClosed(server.port(), keyFor(relay, arguments[1]));
        }
    }

    /** A relay key, behind which stands the upstream on that port. */
    static String keyFor(Relay relay, String upstreamPort) {
        RelayAdministration administration = relay.administration();
        administration.createAccount(
                NewAccount.apiKey("upstream", "http://127.0.0.1:" + upstreamPort, Secret.of("sk-ant-benchmark")));
        return administration.createKey(NewKey.named("benchmark")).secret().reveal();
    }

    /** The settings of a relay on a file. */
    static RelayConfig config(String storage) {
        return settings().set(ConfigKey.DATA_DIR, storage).build();
    }

    /** The settings of every relay that is measured, but for where it keeps what it knows. */
    static RelayConfigBuilder settings() {
        return RelayConfig.builder()
                .set(ConfigKey.ENCRYPTION_KEY, UUID.randomUUID().toString())
                .set(ConfigKey.JWT_SECRET, UUID.randomUUID().toString())
                .set(ConfigKey.ADMIN_PASSWORD, UUID.randomUUID().toString())
                .set(ConfigKey.ADMIN_ENABLED, "true")
                .set(ConfigKey.ALLOW_PRIVATE_UPSTREAMS, "true")
                .set(ConfigKey.HOST, "127.0.0.1")
                .set(ConfigKey.PORT, "0")
                .set(ConfigKey.SHUTDOWN_TIMEOUT, "1000");
    }
}
