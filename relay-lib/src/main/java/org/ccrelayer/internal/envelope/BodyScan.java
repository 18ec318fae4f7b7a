package org.ccrelayer.internal.envelope;

/** Looks at a body while it arrives. Used by one thread at a time; not used again after {@link #end} or {@link #close}. */
interface BodyScan extends AutoCloseable {
    /**
     * Looks at the next bytes, which are kept nowhere.
     *
     * @throws org.ccrelayer.error.RelayException where the body is not one that the relay can forward
     */
    void accept(byte[] bytes, int from, int to);

    /**
     * What was found in the whole body.
     *
     * @throws org.ccrelayer.error.RelayException where the body is not one that the relay can forward
     */
    RequestFacts end();

    /** Gives back what the scan holds; may be called again. */
    @Override
    void close();
}
