package org.ccrelayer.http;

import org.eclipse.jetty.io.Content;

/** A request body that is kept whole, so that it can be sent more than once. Safe for concurrent readers. */
public interface ReplayableBody {
    /** The number of bytes that each source delivers. */
    long length();

    /** A new source that delivers the whole body from its beginning. */
    Content.Source open();
}
