package org.ccrelayer;

import static java.util.Objects.requireNonNull;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.ccrelayer.event.RelayListener;
import org.ccrelayer.store.RelayStore;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a relay together. Not safe for concurrent use. */
public final class RelayBuilder {
    private static final Logger LOG = LoggerFactory.getLogger(RelayBuilder.class);

    private final RelayConfig config;
    private final List<RelayListener> listeners = new ArrayList<>();
    private InstantSource clock = InstantSource.system();
    private ByteBufferPool buffers = new ArrayByteBufferPool();
    private boolean inMemory;
    private @Nullable RelayStore store;

    RelayBuilder(RelayConfig config) {
        this.config = requireNonNull(config, "config");
    }

    /** Adds one that is told of every exchange. */
    public RelayBuilder listener(RelayListener listener) {
        listeners.add(requireNonNull(listener, "listener"));
        return this;
    }

    /** Takes the time from {@code source} instead of the system. */
    public RelayBuilder clock(InstantSource source) {
        clock = requireNonNull(source, "source");
        return this;
    }

    /** Keeps everything in memory; what it knows is gone with the process. For tests and trials. */
    public RelayBuilder inMemory() {
        inMemory = true;
        return this;
    }

    /** Keeps everything in {@code other}, which the relay then owns and closes. */
    public RelayBuilder store(RelayStore other) {
        store = requireNonNull(other, "other");
        return this;
    }

    /** Takes the buffers of its connections from {@code pool}; for tests that count them. */
    RelayBuilder buffers(ByteBufferPool pool) {
        buffers = requireNonNull(pool, "pool");
        return this;
    }

    /**
     * A running relay.
     *
     * @throws IllegalStateException if its store cannot be opened, or the Jetty on the class path is too old
     * @throws RelayConfigException if {@link ConfigKey#DATA_DIR} is missing, and neither a Redis, another store nor memory was chosen
     */
    public Relay start() {
        JettyCheck.passOrThrow();
        warnOfWeakKey();
        RelayStore opened = openStore();
        try {
            return new Relay(new RelayAssembly(config, opened, clock, listeners, buffers));
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** Only the predecessor's settings let such a key pass. */
    private void warnOfWeakKey() {
        ConfigCheck.encryptionKeyWeakness(config)
                .ifPresent(weakness -> LOG.warn(
                        "{}. It is used all the same, since {} is on. Let nobody else read the store. When the predecessor is not"
                                + " needed any more, set API_KEY_PEPPER to this key, choose another ENCRYPTION_KEY, and set the"
                                + " secrets of all accounts anew.",
                        weakness,
                        ConfigKey.PREDECESSOR_COMPAT.label()));
    }

    private RelayStore openStore() {
        if (store != null) {
            return store;
        }
        return new StoreAssembly(config, clock).open(inMemory);
    }
}
