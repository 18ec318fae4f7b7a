package org.ccrelayer.internal.upstream;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;

/**
 * Is told how a request to an upstream goes on: exactly one of the two methods is called, once, on a thread that must
 * not be blocked.
 */
public interface UpstreamListener {
    /**
     * The answer's headers arrived. The body must be read to its end or failed.
     *
     * @param status 200 to 599
     */
    void answered(int status, HttpFields headers, Content.Source body);

    /** There will be no answer. */
    void failed(UpstreamFailure failure);
}
