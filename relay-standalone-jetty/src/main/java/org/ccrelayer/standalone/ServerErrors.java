package org.ccrelayer.standalone;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Tells what the server itself refuses, such as a request that is not HTTP, in the API's error shape and without a word
 * of what it read. Safe for concurrent use.
 */
final class ServerErrors implements Request.Handler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (request.getAttribute(ErrorHandler.ERROR_EXCEPTION) instanceof HttpException told) {
            response.setStatus(told.getCode());
        }
        String id = "relay_" + UUID.randomUUID().toString().replace("-", "");
        byte[] body = body(response.getStatus(), id);
        response.getHeaders()
                .put(HttpHeader.CONTENT_TYPE, "application/json")
                .put(HttpHeader.CONTENT_LENGTH, body.length)
                .put("request-id", id);
        response.write(true, ByteBuffer.wrap(body), callback);
        return true;
    }

    private static byte[] body(int code, String id) {
        return ("{\"type\":\"error\",\"error\":{\"type\":\"" + type(code) + "\",\"message\":\"" + words(code)
                        + "\"},\"request_id\":\"" + id + "\"}")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String type(int code) {
        return code >= 500 ? "api_error" : "invalid_request_error";
    }

    private static String words(int code) {
        return switch (code) {
            case 414 -> "The request target is too long.";
            case 431 -> "The header fields of the request are too long.";
            default ->
                code >= 500
                        ? "The relay failed to handle the request."
                        : "The request is not one that this server understands.";
        };
    }
}
