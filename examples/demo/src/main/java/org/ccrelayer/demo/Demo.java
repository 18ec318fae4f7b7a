package org.ccrelayer.demo;

import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.Relay;
import org.ccrelayer.RelayConfig;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.standalone.RelayServer;

/**
 * A relay on loopback with generated secrets and one key, over a simulated Claude API. Keeps nothing: it is gone when it
 * stops.
 */
public final class Demo implements AutoCloseable {
    private static final String TEXT =
            "This answer comes from a simulated Claude API, word by word, through the relay.";
    private static final Duration BETWEEN_WORDS = Duration.ofMillis(80);
    private static final int SECRET_BYTES = 24;

    private final SimulatedClaude upstream;
    private final RelayServer server;
    private final String key;
    private final String adminPassword;

    private Demo(SimulatedClaude upstream, RelayServer server, String key, String adminPassword) {
        this.upstream = upstream;
        this.server = server;
        this.key = key;
        this.adminPassword = adminPassword;
    }

    /** Starts everything; a port of 0 takes a free one. */
    public static Demo start(int port) {
        SimulatedClaude upstream =
                SimulatedClaude.start(SimulatedClaude.Options.defaults().withoutRecording());
        upstream.always(Script.text(TEXT).trickle(BETWEEN_WORDS));
        String adminPassword = secret();
        RelayConfig config = RelayConfig.builder()
                .set(ConfigKey.HOST, "127.0.0.1")
                .set(ConfigKey.PORT, Integer.toString(port))
                .set(ConfigKey.ENCRYPTION_KEY, secret())
                .set(ConfigKey.JWT_SECRET, secret())
                .set(ConfigKey.ADMIN_PASSWORD, adminPassword)
                .set(ConfigKey.ADMIN_ENABLED, "true")
                .set(ConfigKey.ALLOW_PRIVATE_UPSTREAMS, "true")
                .set(ConfigKey.SHUTDOWN_TIMEOUT, "1000")
                .build();
        Relay relay = Relay.builder(config).inMemory().start();
        relay.administration()
                .createAccount(
                        NewAccount.apiKey("simulated", upstream.uri().toString(), Secret.of("sk-simulated-account")));
        String key =
                relay.administration().createKey(NewKey.named("demo")).secret().reveal();
        return new Demo(upstream, RelayServer.start(config, relay), key, adminPassword);
    }

    private static String secret() {
        byte[] random = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** Where the relay listens. */
    public String baseUrl() {
        return server.uri().toString();
    }

    /** The relay key. */
    public String key() {
        return key;
    }

    /** The command that streams an answer. */
    public String curl() {
        return "curl -N " + baseUrl() + "/v1/messages -H 'x-api-key: " + key + "'"
                + " -H 'anthropic-version: 2023-06-01' -H 'content-type: application/json'"
                + " -d '{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":256,\"stream\":true,"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}'";
    }

    /** Tells a person what to do next. */
    public void describe(PrintStream out) {
        out.println();
        out.println("The relay is running, with a simulated Claude API behind it. Ctrl-C stops it.");
        out.println();
        out.println("  base URL        " + baseUrl());
        out.println("  relay key       " + key);
        out.println("  admin password  " + adminPassword + "  (user admin, POST " + baseUrl() + "/admin/login)");
        out.println();
        out.println("Stream an answer:");
        out.println();
        out.println("  " + curl());
        out.println();
        out.println("Point Claude Code at it:");
        out.println();
        out.println("  export ANTHROPIC_BASE_URL=" + baseUrl());
        out.println("  export ANTHROPIC_AUTH_TOKEN=" + key);
        out.println();
    }

    @Override
    public void close() {
        server.close();
        upstream.close();
    }

    /** Runs until it is stopped; the port may be given, 0 takes a free one. */
    public static void main(String[] arguments) throws InterruptedException {
        int port = arguments.length == 0 ? 3000 : Integer.parseInt(arguments[0]);
        try {
            Demo demo = start(port);
            Runtime.getRuntime().addShutdownHook(new Thread(demo::close, "demo-shutdown"));
            demo.describe(System.out);
            demo.server.join();
        } catch (IllegalStateException e) {
            System.err.println("The demo does not start: " + e.getMessage());
            System.err.println("Another port is taken with -Ddemo.port=0, which finds a free one.");
            System.exit(1);
        }
    }
}
