package org.ccrelayer.internal.pipeline;

/**
 * Runs the parts of exchanges that may wait for the store. Whoever asks may be a container's thread or one that carries answers, which
 * must not wait. Safe for concurrent use.
 */
public interface StoreWork {
    /** In the thread of whoever asks, for a store that keeps nobody waiting for a network. */
    StoreWork IN_PLACE = new StoreWork() {
        @Override
        public void begin(Runnable part) {
            part.run();
        }

        @Override
        public void finish(Runnable part) {
            part.run();
        }
    };

    /**
     * Runs a part of the way to the upstream.
     *
     * @throws java.util.concurrent.RejectedExecutionException if too much waits already; the part is not run then
     */
    void begin(Runnable part);

    /** Runs what ends a try or an exchange, which is never refused: there is no more of that than there are exchanges. */
    void finish(Runnable part);
}
