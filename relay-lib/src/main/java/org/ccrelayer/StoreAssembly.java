package org.ccrelayer;

import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.credential.CredentialFormat;
import org.ccrelayer.internal.network.EndpointGuard;
import org.ccrelayer.internal.store.embedded.EmbeddedStore;
import org.ccrelayer.internal.store.embedded.StoreTime;
import org.ccrelayer.internal.store.redis.AwayTerms;
import org.ccrelayer.internal.store.redis.Endpoints;
import org.ccrelayer.internal.store.redis.PredecessorCheck;
import org.ccrelayer.internal.store.redis.PredecessorReport;
import org.ccrelayer.internal.store.redis.RedisAccounts;
import org.ccrelayer.internal.store.redis.RedisStore;
import org.ccrelayer.internal.store.redis.RedisTarget;
import org.ccrelayer.store.RelayStore;

/** Opens the store that a configuration names. Used once. */
final class StoreAssembly {
    private static final String CLIENT = "io.lettuce.core.RedisClient";

    private final RelayConfig config;
    private final InstantSource clock;
    private final ZoneOffset zone;

    StoreAssembly(RelayConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.zone = config.zone();
    }

    /**
     * The store, in memory where nothing else is wanted.
     *
     * @throws IllegalStateException if it cannot be opened
     * @throws RelayConfigException if no place is named for it, or one that cannot be
     */
    RelayStore open(boolean inMemory) {
        if (inMemory) {
            return EmbeddedStore.inMemory(new StoreTime(clock, zone));
        }
        return config.optionalText(ConfigKey.REDIS_ADDR).map(this::redis).orElseGet(this::embedded);
    }

    private RelayStore redis(String address) {
        requireClient();
        return RedisStore.open(target(address), redisTerms(), awayTerms(), clock);
    }

    /** What the relay makes of the predecessor's data in the Redis that is named, which is only read. */
    PredecessorReport predecessor() {
        requireClient();
        return PredecessorCheck.of(
                target(config.text(ConfigKey.REDIS_ADDR)),
                redisTerms(),
                clock,
                config.enabled(ConfigKey.LEGACY_CLIENT_RESTRICTION));
    }

    /** The Redis that is named, without secrets. */
    String redisName() {
        return target(config.text(ConfigKey.REDIS_ADDR)).toString();
    }

    private static void requireClient() {
        if (!hasClient()) {
            throw new RelayConfigException(
                    List.of(
                            ConfigKey.REDIS_ADDR.label()
                                    + ": needs the library io.lettuce:lettuce-core, which is not on the class path; add it, or remove the setting"));
        }
    }

    private static boolean hasClient() {
        try {
            Class.forName(CLIENT, false, StoreAssembly.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private RedisTarget target(String address) {
        Optional<Secret> password =
                config.optionalText(ConfigKey.REDIS_PASSWORD).map(Secret::of);
        Optional<Integer> database = config.optionalText(ConfigKey.REDIS_DB).map(Integer::valueOf);
        try {
            RedisTarget target = RedisTarget.of(address, password.orElse(null), database.orElse(null));
            return config.path(ConfigKey.REDIS_TRUST_FILE).map(target::trusting).orElse(target);
        } catch (IllegalArgumentException e) {
            throw new RelayConfigException(List.of(String.valueOf(e.getMessage())));
        }
    }

    /** Rows wait for Redis in the folder of the data, where there is one. */
    private AwayTerms awayTerms() {
        return new AwayTerms(
                config.text(ConfigKey.REDIS_AWAY_POLICY).equals("local"),
                config.path(ConfigKey.DATA_DIR).orElse(null));
    }

    /** What the predecessor reads is sealed as it can open it, whatever format is configured for the rest. */
    private RedisAccounts.Terms redisTerms() {
        EndpointGuard guard = new EndpointGuard(config.enabled(ConfigKey.ALLOW_PRIVATE_UPSTREAMS));
        return new RedisAccounts.Terms(
                ConfiguredSecrets.fixedCipher(config, CredentialFormat.CBC),
                ConfiguredSecrets.cipher(config, CredentialFormat.GCM),
                zone,
                new Endpoints(guard::check, EndpointGuard::proxyProblem));
    }

    private RelayStore embedded() {
        return EmbeddedStore.open(
                dataDir(),
                ConfiguredSecrets.cipher(config, CredentialFormat.GCM),
                ConfiguredSecrets.keyHash(config).mark(),
                new StoreTime(clock, zone));
    }

    private Path dataDir() {
        return config.path(ConfigKey.DATA_DIR)
                .orElseThrow(() -> new RelayConfigException(List.of(ConfigKey.DATA_DIR.label()
                        + ": is required; set it to the folder in which the relay keeps its data, or build the relay with"
                        + " inMemory() or store(...)")));
    }
}
