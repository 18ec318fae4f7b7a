package org.ccrelayer;

import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import org.ccrelayer.internal.store.redis.PredecessorReport;
import org.ccrelayer.internal.store.redis.ReportText;

/**
 * Looks through the Redis of the predecessor and tells what a relay makes of it, with commands that only read. Used by one thread.
 */
public final class MigrationCheck {
    private final RelayConfig config;
    private final InstantSource clock;

    /**
     * What was found.
     *
     * @param asBefore whether everything works as it did with the predecessor
     * @param text the report for people, with ends of lines
     * @param json the report for programs
     */
    public record Report(boolean asBefore, String text, String json) {}

    private MigrationCheck(RelayConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
    }

    /**
     * A check of the Redis in {@link ConfigKey#REDIS_ADDR}.
     *
     * @throws RelayConfigException if there is none
     */
    public static MigrationCheck of(RelayConfig config) {
        return of(config, InstantSource.system());
    }

    /** As {@link #of(RelayConfig)}, as it would come out at another time. */
    static MigrationCheck of(RelayConfig config, InstantSource clock) {
        if (config.optionalText(ConfigKey.REDIS_ADDR).isEmpty()) {
            throw new RelayConfigException(List.of(ConfigKey.REDIS_ADDR.label()
                    + ": is required; set it to the predecessor's Redis, such as localhost:6379"));
        }
        return new MigrationCheck(config, clock);
    }

    /**
     * Looks, which takes a while where there is much.
     *
     * @param variables the names of all variables of the process, of which those are told that the predecessor alone understands
     * @throws RelayConfigException if the address is none, or the client library is missing
     * @throws IllegalStateException if no server answers, it refuses the login, or it is one that a relay cannot use
     * @throws org.ccrelayer.error.RelayException {@code STORE_UNAVAILABLE} if it stops answering
     */
    public Report run(Collection<String> variables) {
        StoreAssembly store = new StoreAssembly(config, clock);
        PredecessorReport found = store.predecessor().with(PredecessorSettings.told(variables));
        ReportText text = new ReportText(store.redisName(), found);
        return new Report(found.missing().isEmpty(), text.plain(), text.json().toString());
    }
}
