package org.ccrelayer.benchmarks;

import org.ccrelayer.ConfigKey;
import org.ccrelayer.Relay;
import org.ccrelayer.RelayConfig;
import org.ccrelayer.standalone.RelayServer;

/** The same relay as in {@link RelayProcess}, on a Redis. */
final class RedisRelayProcess {
    private RedisRelayProcess() {}

    /** Arguments: the port to call back, the port of the upstream, the port of the Redis. */
    public static void main(String[] arguments) throws Exception {
        RelayConfig config = RelayProcess.settings()
                .set(ConfigKey.REDIS_ADDR, "127.0.0.1:" + arguments[2])
                .build();
        try (ParentLine parent = ParentLine.to(arguments[0]);
                Relay relay = Relay.start(config);
                RelayServer server = RelayServer.start(config, relay)) {
            parent.serveUntilClosed(server.port(), RelayProcess.keyFor(relay, arguments[1]));
        }
    }
}
