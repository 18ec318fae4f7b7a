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

    private Doorway(BiConsumer<ClientRequest, ClientResponse> relay) {
        this.relay = relay;
    }

    static Doorway toApi(Relay relay) {
        return new Doorway(relay::handle);
    }

    static Doorway toAdministration(Relay relay) {
        return new Doorway(relay::handleAdmin);
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
        ServletExchange exchange = new ServletExchange(async, request, response, mount);
        relay.accept(exchange.clientRequest(), exchange.clientResponse());
    }
}
