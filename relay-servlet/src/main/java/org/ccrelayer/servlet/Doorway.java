package org.ccrelayer.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.BiConsumer;
import org.ccrelayer.Relay;
import org.ccrelayer.http.ClientRequest;
import org.ccrelayer.http.ClientResponse;

/** Takes a container's requests to a relay. Safe for concurrent use. */
final class Doorway {
    private final BiConsumer<ClientRequest, ClientResponse> relay;
    private final BufferingWatch watch;

    private Doorway(BiConsumer<ClientRequest, ClientResponse> relay, BufferingWatch watch) {
        this.relay = relay;
        this.watch = watch;
    }

    static Doorway toApi(Relay relay, BufferingWatch watch) {
        return new Doorway(relay::handle, watch);
    }

    static Doorway toAdministration(Relay relay, BufferingWatch watch) {
        return new Doorway(relay::handleAdmin, watch);
    }

    void serve(HttpServletRequest request, HttpServletResponse response, Mount mount)
            throws ServletException, IOException {
        if (request.getDispatcherType() == DispatcherType.ASYNC) {
            // The only way by which every container breaks a committed answer off instead of ending it cleanly.
            throw new BrokenAnswerException();
        }
        AsyncContext async = request.startAsync(request, response);
        // Deadlines are the relay's: a container that times out ends a half-sent answer cleanly.
        async.setTimeout(0);
        FirstFlush flush = new FirstFlush(watch, request, response);
        ServletExchange exchange = new ServletExchange(async, request, response, mount, flush);
        relay.accept(exchange.clientRequest(), exchange.clientResponse());
    }
}
