package org.ccrelayer.internal.pipeline;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * What the relay runs on. All of it may be used from any thread.
 *
 * @param executor runs what may block
 * @param scheduler runs deadlines; nothing on it may block
 * @param buffers where buffers come from
 */
public record RelayResources(Executor executor, Scheduler scheduler, ByteBufferPool buffers) {
    public RelayResources {
        requireNonNull(executor, "executor");
        requireNonNull(scheduler, "scheduler");
        requireNonNull(buffers, "buffers");
    }
}
