package org.ccrelayer.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.BiConsumer;
import org.ccrelayer.Relay;
import org.ccrelayer.http.ClientRequest;
import org.ccrelayer.http.ClientResponse;

/**
 * Takes a container's requests to a relay: without a thread where the container allows it, else with the thread they came
 * on. Safe for concurrent use.
 */
final class Doorway {
    private final BiConsumer<ClientRequest, ClientResponse> relay;
    private final BufferingWatch watch;
    private final boolean comesBack;
    private final BreakOff breakOff = new BreakOff();
    private final HeldThreadNotice notice = new HeldThreadNotice();

    Doorway(BiConsumer<ClientRequest, ClientResponse> relay, BufferingWatch watch, boolean comesBack) {
        this.relay = relay;
        this.watch = watch;
        this.comesBack = comesBack;
    }

    static Doorway toApi(Relay relay, BufferingWatch watch) {
        return new Doorway(relay::handle, watch, true);
    }

    static Doorway toAdministration(Relay relay, BufferingWatch watch) {
        return new Doorway(relay::handleAdmin, watch, true);
    }

    /** The same for one to which an asynchronous dispatch may not come back: a broken answer would go to somebody else. */
    Doorway passedBy(boolean isPassedBy) {
        return new Doorway(relay, watch, !isPassedBy);
    }

    /** To be called for every request, whatever its path: ends one that comes back in order to be broken off. */
    void endBroken(ServletRequest request) throws ServletException {
        breakOff.endMarked(request);
    }

    void serve(HttpServletRequest request, HttpServletResponse response, Mount mount)
            throws ServletException, IOException {
        endBroken(request);
        FirstFlush flush = new FirstFlush(watch, request, response);
        if (comesBack && request.isAsyncSupported()) {
            AsyncContext async = request.startAsync(request, response);
            // Deadlines are the relay's: a container that times out ends a half-sent answer cleanly.
            async.setTimeout(0);
            ServletExchange exchange = new ServletExchange(async, request, response, mount, flush);
            exchange.open();
            relay.accept(exchange.clientRequest(), exchange.clientResponse());
        } else {
            notice.give(request);
            if (new BlockingExchange(request, response, mount, flush).serve(relay)) {
                throw breakOff.exception();
            }
        }
    }
}
