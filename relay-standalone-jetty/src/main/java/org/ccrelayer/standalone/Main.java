package org.ccrelayer.standalone;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.Relay;
import org.ccrelayer.RelayConfig;
import org.ccrelayer.RelayConfigException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The relay as a command: reads its settings, serves until it is told to stop. */
@Command(
        name = "relay",
        mixinStandardHelpOptions = true,
        description = "A gateway for the Claude API. Settings come from the command line, system properties"
                + " (relay.*), the environment and relay.properties, in this order.",
        subcommands = {RotateEncryptionKey.class, Migrate.class})
public final class Main implements Callable<Integer> {
    private static final int BAD_CONFIGURATION = 2;
    private static final int CANNOT_START = 1;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = {"-c", "--config"},
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "A properties file with settings (default: relay.properties, where it exists).")
    private @Nullable Path file;

    @Option(
            names = {"-s", "--set"},
            scope = ScopeType.INHERIT,
            paramLabel = "NAME=VALUE",
            description = "Sets one setting, such as port=8080; may be repeated. Secrets do not belong here.")
    private Map<String, String> settings = new LinkedHashMap<>();

    /** The file with settings, where one was named. */
    Optional<Path> file() {
        return Optional.ofNullable(file);
    }

    /** The settings of the command line. */
    Map<String, String> settings() {
        return settings;
    }

    /** Runs the command and ends the JVM with its status. */
    public static void main(String[] arguments) {
        int status = new CommandLine(new Main()).execute(arguments);
        if (status != 0) {
            System.exit(status);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter errors =
                Optional.ofNullable(spec).orElseThrow().commandLine().getErr();
        RelayConfig config;
        try {
            config = Settings.gather(settings, file());
        } catch (RelayConfigException e) {
            errors.println("The relay does not start; its configuration has problems:");
            e.problems().forEach(problem -> errors.println("  " + problem));
            return BAD_CONFIGURATION;
        } catch (IllegalStateException e) {
            errors.println("The relay does not start: " + e.getMessage());
            return BAD_CONFIGURATION;
        }
        Logging.level(config.text(ConfigKey.LOG_LEVEL));
        try {
            serve(config);
            return 0;
        } catch (RuntimeException e) {
            errors.println("The relay does not start: " + e.getMessage());
            LoggerFactory.getLogger(Main.class).debug("start failed", e);
            return CANNOT_START;
        }
    }

    private static void stop(RelayServer server) {
        try {
            server.close();
        } finally {
            Logging.end();
        }
    }

    private static void serve(RelayConfig config) throws InterruptedException {
        Logger log = LoggerFactory.getLogger(Main.class);
        Relay relay = Relay.start(config);
        RelayServer server;
        try {
            server = RelayServer.start(config, relay);
        } catch (RuntimeException e) {
            relay.close();
            throw e;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "relay-shutdown"));
        log.info("relay listens on {}:{}", config.text(ConfigKey.HOST), server.port());
        log.debug("configuration: {}", config);
        server.join();
    }
}
