package org.ccrelayer.internal.pipeline;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * What the relay runs on. All of it may be used from any thread.
 *
 * @param executor runs what may block, in another thread
 * @param scheduler runs deadlines; nothing on it may block
 * @param buffers where buffers come from
 * @param store runs what may wait for the store
 */
public record RelayResources(Executor executor, Scheduler scheduler, ByteBufferPool buffers, StoreWork store) {
    /** Of a relay whose store keeps nobody waiting. */
    public RelayResources(Executor executor, Scheduler scheduler, ByteBufferPool buffers) {
        this(executor, scheduler, buffers, StoreWork.IN_PLACE);
    }

    public RelayResources {
        requireNonNull(executor, "executor");
        requireNonNull(scheduler, "scheduler");
        requireNonNull(buffers, "buffers");
        requireNonNull(store, "store");
    }
}
