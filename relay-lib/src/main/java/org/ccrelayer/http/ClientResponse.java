package org.ccrelayer.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;

/**
 * The answer to a client, free of any container's types. Every answer ends exactly once: by a successful {@link #write
 * write} with {@code last}, or by {@link #abort}. Calls come from one thread at a time.
 */
public interface ClientResponse extends Content.Sink {
    /**
     * Sets status and header fields. Called once, before the first write; nothing is sent yet.
     *
     * @param status 200 to 599
     */
    void head(int status, HttpFields headers);

    /**
     * Hands bytes to the client in one write and one flush; the first write sends the head with it. The buffer belongs
     * to the adapter until the callback is called; at most one write is pending. A failed callback means that the client
     * is gone. With {@code last} the answer ends cleanly.
     */
    @Override
    void write(boolean last, ByteBuffer content, Callback callback);

    /** Whether the head was handed to the container, after which only more bytes or an abort can follow. */
    boolean committed();

    /**
     * Breaks the answer off so that the client cannot take what it received for a whole answer. Safe to call at any
     * time and more than once; without effect after the last write succeeded.
     */
    void abort(Throwable cause);
}
