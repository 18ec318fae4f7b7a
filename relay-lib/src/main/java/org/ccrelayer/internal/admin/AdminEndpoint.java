package org.ccrelayer.internal.admin;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.http.ClientRequest;
import org.ccrelayer.http.ClientResponse;
import org.ccrelayer.internal.json.JsonObject;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;

/** The administration API behind HTTP messages: reads the bounded body, lets a worker answer. Safe for concurrent use. */
public final class AdminEndpoint {
    private static final int LONGEST_BODY = 1024 * 1024;
    private static final int LONGEST_LOGIN = 4 * 1024;

    private final Optional<AdminApi> api;
    private final Executor executor;
    private final Supplier<String> requestIds;

    /**
     * An endpoint before {@code api}.
     *
     * @param api the API; empty where it is not enabled, so that everything is unknown
     * @param executor runs what may block
     * @param requestIds makes the ids that errors carry
     */
    public AdminEndpoint(Optional<AdminApi> api, Executor executor, Supplier<String> requestIds) {
        this.api = requireNonNull(api, "api");
        this.executor = requireNonNull(executor, "executor");
        this.requestIds = requireNonNull(requestIds, "requestIds");
    }

    /** Whether there is an API behind it. */
    public boolean enabled() {
        return api.isPresent();
    }

    /** Takes a request; returns at once. A stranger's body is not read, but for a few bytes to log in with. */
    public void handle(ClientRequest request, ClientResponse response) {
        String id = requestIds.get();
        if (api.isEmpty()) {
            send(response, AdminResponse.notFound(Outcome.NOT_FOUND.message()), id);
            return;
        }
        int longest = longestBody(api.get(), request);
        if (longest == 0) {
            dispatch(api.get(), request, new byte[0], response, id);
        } else if (request.headers().getLongField(HttpHeader.CONTENT_LENGTH) > longest) {
            send(response, tooLarge(longest), id);
        } else {
            Content.Source.asByteArrayAsync(request.body(), longest, new Promise.Invocable<>() {
                @Override
                public void succeeded(byte[] body) {
                    dispatch(api.get(), request, body, response, id);
                }

                @Override
                public void failed(Throwable cause) {
                    send(response, tooLarge(longest), id);
                }

                @Override
                public InvocationType getInvocationType() {
                    return InvocationType.NON_BLOCKING;
                }
            });
        }
    }

    private static int longestBody(AdminApi adminApi, ClientRequest request) {
        if (adminApi.open(request.method(), request.path())) {
            return LONGEST_LOGIN;
        }
        return adminApi.authenticated(adminRequest(request, new byte[0])) ? LONGEST_BODY : 0;
    }

    private static AdminRequest adminRequest(ClientRequest request, byte[] body) {
        return new AdminRequest(
                request.method(),
                request.path(),
                Optional.ofNullable(request.query()).orElse(""),
                Optional.ofNullable(request.headers().get(HttpHeader.AUTHORIZATION)),
                body,
                request.remoteAddress());
    }

    private static AdminResponse tooLarge(int longest) {
        return AdminResponse.error(
                Outcome.BODY_TOO_LARGE.status(),
                Outcome.BODY_TOO_LARGE.errorType(),
                "The body did not arrive whole or is larger than " + longest + " bytes.");
    }

    private void dispatch(AdminApi adminApi, ClientRequest request, byte[] body, ClientResponse response, String id) {
        AdminRequest adminRequest = adminRequest(request, body);
        try {
            executor.execute(() -> send(response, adminApi.handle(adminRequest), id));
        } catch (RejectedExecutionException e) {
            send(response, AdminResponse.of(new RelayException(Outcome.RELAY_BUSY)), id);
        }
    }

    private static void send(ClientResponse response, AdminResponse answer, String id) {
        byte[] body = answer.status() < 400 ? answer.body() : withId(answer.body(), id);
        HttpFields.Mutable headers =
                HttpFields.build().put(HttpHeader.CONTENT_LENGTH, body.length).put("request-id", id);
        answer.headers().forEach(headers::put);
        response.head(answer.status(), headers);
        response.write(true, ByteBuffer.wrap(body), Callback.NOOP);
    }

    /** Errors carry the id in both places, like those of the API. */
    private static byte[] withId(byte[] error, String id) {
        return JsonObject.parse(error).with("request_id", id).toBytes();
    }
}
