package org.ccrelayer.internal.pipeline;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.http.ClientRequest;
import org.ccrelayer.http.ClientResponse;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * What the relay serves, by method and literal path: one endpoint goes through the pipeline, some are answered here, all
 * else is unknown. Safe for concurrent use.
 */
public final class RelayEndpoints {
    /** Telemetry longer than this is not read to its end. */
    private static final long LONGEST_TELEMETRY = 8L * 1024 * 1024;

    private final RelayPipeline pipeline;
    private final Exchanges exchanges;
    private final BooleanSupplier healthy;
    private final PathAliases aliases;

    /** Endpoints before {@code pipeline}; {@code healthy} tells whether the store answers and does not block. */
    public RelayEndpoints(RelayPipeline pipeline, Exchanges exchanges, BooleanSupplier healthy, PathAliases aliases) {
        this.pipeline = requireNonNull(pipeline, "pipeline");
        this.exchanges = requireNonNull(exchanges, "exchanges");
        this.healthy = requireNonNull(healthy, "healthy");
        this.aliases = requireNonNull(aliases, "aliases");
    }

    /** Takes any request; returns at once. */
    public void handle(ClientRequest request, ClientResponse response) {
        if (!served(request, response)) {
            String path = aliases.without(request.path());
            boolean aliased = !path.equals(request.path());
            if (!aliased || !served(new AliasedRequest(request, path), response)) {
                unknown(response);
            }
        }
    }

    private boolean served(ClientRequest request, ClientResponse response) {
        switch (request.method() + " " + request.path()) {
            case "POST /v1/messages" -> pipeline.handle(request, response);
            case "POST /api/event_logging/batch" -> swallow(request, response);
            case "GET /health", "HEAD /health" -> health(request, response);
            case "HEAD /", "HEAD /api/hello" -> answer(response, 200, HttpFields.build(), "");
            default -> {
                return false;
            }
        }
        return true;
    }

    /** The path without the prefix below which the relay is reached too; as it is where it has none. */
    public String withoutAlias(String path) {
        return aliases.without(path);
    }

    private void health(ClientRequest request, ClientResponse response) {
        boolean up = healthy.getAsBoolean();
        String status = exchanges.draining() ? "draining" : up ? "ok" : "error";
        String body = "{\"status\":\"" + status + "\"}";
        HttpFields.Mutable headers = HttpFields.build()
                .put(HttpHeader.CONTENT_TYPE, "application/json")
                .put(HttpHeader.CACHE_CONTROL, "no-store")
                .put(HttpHeader.CONTENT_LENGTH, body.length());
        answer(
                response,
                status.equals("ok") ? 200 : 503,
                headers,
                request.method().equals("HEAD") ? "" : body);
    }

    /** Clients post telemetry here and wait for a yes; nothing of it is looked at or kept. */
    private static void swallow(ClientRequest request, ClientResponse response) {
        long length = request.headers().getLongField(HttpHeader.CONTENT_LENGTH);
        String body = "{\"success\":true}";
        HttpFields.Mutable headers = HttpFields.build()
                .put(HttpHeader.CONTENT_TYPE, "application/json")
                .put(HttpHeader.CONTENT_LENGTH, body.length());
        if (length < 0 || length > LONGEST_TELEMETRY) {
            answer(response, 200, headers, body);
        } else {
            Content.Source.consumeAll(
                    request.body(), Callback.from(() -> answer(response, 200, headers, body), response::abort));
        }
    }

    private void unknown(ClientResponse response) {
        ErrorResponder.respond(response, new RelayException(Outcome.NOT_FOUND), exchanges.nextId(), Callback.NOOP);
    }

    private static void answer(ClientResponse response, int status, HttpFields headers, String body) {
        response.head(status, headers);
        ByteBuffer bytes =
                body.isEmpty() ? BufferUtil.EMPTY_BUFFER : ByteBuffer.wrap(body.getBytes(StandardCharsets.US_ASCII));
        response.write(true, bytes, Callback.NOOP);
    }
}
