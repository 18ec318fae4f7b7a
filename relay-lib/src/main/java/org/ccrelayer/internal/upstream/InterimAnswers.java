package org.ccrelayer.internal.upstream;

import org.eclipse.jetty.client.EarlyHintsProtocolHandler;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpStatus;

/** Passes over interim answers, which are not the answer, and those too that are not known (RFC 9110 section 15.2). */
final class InterimAnswers extends EarlyHintsProtocolHandler {
    @Override
    public String getName() {
        return "interim";
    }

    @Override
    public boolean accept(Request request, Response response) {
        return HttpStatus.isInterim(response.getStatus()) && response.getStatus() != HttpStatus.CONTINUE_100;
    }
}
