package org.ccrelayer.simulated;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.Content.Source;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;

/** Reads and records each request, checks what the API checks first, and answers. Never blocks a thread. */
final class ApiHandler extends Handler.Abstract.NonBlocking {
    private static final int MAX_BODY_BYTES = 32 << 20;
    private static final int MAX_READ_BYTES = 64 << 20;
    private static final String CONNECTION_ID = ApiHandler.class.getName();

    private final SimulatedClaude.Options options;
    private final Scripts scripts;
    private final RequestLog log;
    private final Counters counters;
    private final AtomicLong connectionIds = new AtomicLong();
    private final AtomicLong requestIds = new AtomicLong();
    private final String requestIdPrefix =
            String.format("req_sim%08x", ThreadLocalRandom.current().nextInt());

    ApiHandler(SimulatedClaude.Options options, Scripts scripts, RequestLog log, Counters counters) {
        this.options = options;
        this.scripts = scripts;
        this.log = log;
        this.counters = counters;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Source.asByteArrayAsync(
                request,
                MAX_READ_BYTES,
                Promise.Invocable.from(
                        InvocationType.NON_BLOCKING,
                        body -> received(request, response, callback, body),
                        callback::failed));
        return true;
    }

    private void received(Request request, Response response, Callback callback, byte[] body) {
        try {
            ReceivedRequest received = record(request, body);
            log.add(received);
            new Exchange(request, response, callback, received).answer();
        } catch (RuntimeException e) {
            callback.failed(e);
        }
    }

    private ReceivedRequest record(Request request, byte[] body) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (HttpField field : request.getHeaders()) {
            headers.add(Map.entry(field.getName(), field.getValue() == null ? "" : field.getValue()));
        }
        String path = request.getHttpURI().getPath();
        String query = request.getHttpURI().getQuery();
        return new ReceivedRequest(
                request.getMethod(), path, query, headers, body, connectionId(request.getConnectionMetaData()));
    }

    private long connectionId(ConnectionMetaData connection) {
        // Requests of one connection come one after the other, so nothing else sets the attribute in between.
        if (connection.getAttribute(CONNECTION_ID) instanceof Long known) {
            return known;
        }
        long id = connectionIds.incrementAndGet();
        connection.setAttribute(CONNECTION_ID, id);
        return id;
    }

    /** One request on its way to its answer. */
    private final class Exchange {
        private final Request request;
        private final Response response;
        private final Callback callback;
        private final ReceivedRequest received;
        private final String requestId = requestIdPrefix + String.format("%010d", requestIds.incrementAndGet());

        Exchange(Request request, Response response, Callback callback, ReceivedRequest received) {
            this.request = request;
            this.response = response;
            this.callback = callback;
            this.received = received;
        }

        void answer() {
            ResponseHeaders.addCommon(response.getHeaders(), requestId, received.credentials());
            String target = received.method() + " " + received.path();
            if (target.equals("HEAD /") || target.equals("HEAD /api/hello")) {
                send(new Answer(200, null, List.of(new byte[0])));
            } else if (target.equals("POST /v1/messages") || target.equals("POST /v1/messages/count_tokens")) {
                ifAllowed(this::playScript);
            } else if (target.equals("GET /v1/models")) {
                ifAllowed(this::listModels);
            } else if (target.startsWith("GET /v1/models/")) {
                ifAllowed(this::showModel);
            } else {
                fail(404, ApiError.of(404).type(), "No such endpoint: " + target);
            }
        }

        private void ifAllowed(Runnable action) {
            List<String> credentials = received.credentials();
            String required = options.requiredApiKey();
            if (required == null && !options.anonymous() && !received.hasAuthHeader()) {
                fail(401, "authentication_error", "x-api-key or authorization header is required");
            } else if (required != null && !isOnly(required, credentials)) {
                fail(401, "authentication_error", "invalid credential");
            } else if (received.header("anthropic-version") == null) {
                fail(400, "invalid_request_error", "anthropic-version: header is required");
            } else if (received.body().length > MAX_BODY_BYTES) {
                send(Answer.error(413, ApiError.of(413), requestId));
            } else {
                action.run();
            }
        }

        private boolean isOnly(String required, List<String> credentials) {
            return !credentials.isEmpty() && credentials.stream().allMatch(required::equals);
        }

        private void playScript() {
            Script script = scripts.next(received.credentials());
            Answer answer = Answer.of(script, received, requestId, options.promptCache());
            response.setStatus(answer.status());
            ResponseHeaders.addContent(response.getHeaders(), answer);
            ResponseHeaders.addScripted(response.getHeaders(), script.settings(), answer);
            List<Step> steps = Plan.of(script.settings(), answer, requestId);
            new Playback(response, callback, steps, counters).iterate();
        }

        private void listModels() {
            try {
                send(Answer.json(200, Models.page(Request.extractQueryParameters(request))));
            } catch (IllegalArgumentException e) {
                fail(400, "invalid_request_error", "limit or after_id: " + e.getMessage());
            }
        }

        private void showModel() {
            String id = received.path().substring("/v1/models/".length());
            byte[] model = Models.single(id);
            if (model == null) {
                fail(404, ApiError.of(404).type(), "model: " + id);
            } else {
                send(Answer.json(200, model));
            }
        }

        private void fail(int status, String type, String message) {
            send(Answer.error(status, new ApiError(type, message), requestId));
        }

        private void send(Answer answer) {
            response.setStatus(answer.status());
            ResponseHeaders.addContent(response.getHeaders(), answer);
            response.write(true, ByteBuffer.wrap(answer.events().get(0)), callback);
        }
    }
}
