package org.ccrelayer.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A token endpoint on a socket. Each call gets the next access token, {@code access-canary-1} and so on, and a call with a refresh
 * token the next refresh token as well; one that was used before is refused, until scripts say otherwise. Safe for concurrent
 * use.
 */
public final class TokenPeer implements AutoCloseable {
    /** The refresh token to begin with. */
    public static final String FIRST = "refresh-canary-0";

    /** How one call is answered. */
    @FunctionalInterface
    public interface Script {
        void answer(TokenPeer peer, HttpExchange exchange, Call call) throws IOException;
    }

    /**
     * A call as it came.
     *
     * @param path the path
     * @param headers its header fields, names in lower case
     * @param body its body
     */
    public record Call(String path, Map<String, String> headers, String body) {
        /** The members of a form-encoded body. */
        public Map<String, String> form() {
            Map<String, String> form = new LinkedHashMap<>();
            for (String member : body.split("&")) {
                String[] pair = member.split("=", 2);
                form.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
            }
            return form;
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "token-peer");
        thread.setDaemon(true);
        return thread;
    });
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Deque<Script> scripts = new ArrayDeque<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private Script otherwise = grants();
    private String valid = FIRST;
    private int given;

    private TokenPeer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    /** Listens on a free port. */
    public static TokenPeer start() throws IOException {
        return new TokenPeer();
    }

    /** Where it stands, with the trailing slash that some have. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/o/token/");
    }

    /** Answers the next calls so, in this order, before what it answers to all others. */
    public synchronized TokenPeer enqueue(Script... next) {
        scripts.addAll(List.of(next));
        return this;
    }

    /** Answers all other calls so. */
    public synchronized TokenPeer always(Script script) {
        otherwise = script;
        return this;
    }

    /** Every call so far. */
    public List<Call> calls() {
        return calls;
    }

    /** Waits until so many calls have come. */
    public void await(int count) {
        Wait.until(count + " token calls", () -> calls.size() >= count);
    }

    /** Lets stalled calls go on. */
    public void release() {
        released.countDown();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> headers = new LinkedHashMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Call call = new Call(exchange.getRequestURI().getPath(), headers, body);
            calls.add(call);
            next().answer(this, exchange, call);
        }
    }

    private synchronized Script next() {
        Script script = scripts.poll();
        return script == null ? otherwise : script;
    }

    /** A token for an hour. */
    public static Script grants() {
        return grants("3600");
    }

    /** A token; {@code expiresIn} stands in the answer as it is given, null leaves it out. */
    public static Script grants(@Nullable String expiresIn) {
        return (peer, exchange, call) -> peer.grant(exchange, call, expiresIn, true);
    }

    /** A token, and no other refresh token. */
    public static Script grantsWithoutRotation() {
        return (peer, exchange, call) -> peer.grant(exchange, call, "3600", false);
    }

    /** Waits to be released first. */
    public static Script stalls(Script then) {
        return (peer, exchange, call) -> {
            peer.awaitRelease();
            then.answer(peer, exchange, call);
        };
    }

    /** A token that was given, but whose answer is lost. */
    public static Script losesTheAnswer() {
        return (peer, exchange, call) -> peer.rotate(call);
    }

    /** These words. */
    public static Script says(int status, String body) {
        return (peer, exchange, call) -> send(exchange, status, body);
    }

    /** An error of RFC 6749. */
    public static Script refuses(int status, String code) {
        return says(status, "{\"error\":\"" + code + "\",\"error_description\":\"words of the endpoint\"}");
    }

    /** An answer that repeats everything it was sent, wherever it can. */
    public static Script echoes(int status) {
        return (peer, exchange, call) -> {
            String heard = call.form().getOrDefault("refresh_token", "")
                    + call.headers().get("authorization");
            send(exchange, status, "{\"error\":\"" + heard + "\",\"error_description\":\"" + heard + "\"}");
        };
    }

    /** Elsewhere. */
    public static Script redirects(URI elsewhere) {
        return (peer, exchange, call) -> {
            exchange.getResponseHeaders().add("location", elsewhere.toString());
            send(exchange, 307, "");
        };
    }

    private void awaitRelease() {
        try {
            if (!released.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody released the call");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void grant(HttpExchange exchange, Call call, @Nullable String expiresIn, boolean rotating)
            throws IOException {
        String rotated = rotating ? rotate(call) : "";
        if (rotated == null) {
            refuses(400, "invalid_grant").answer(this, exchange, call);
            return;
        }
        String access;
        synchronized (this) {
            given += rotating ? 0 : 1;
            access = "access-canary-" + given;
        }
        send(
                exchange,
                200,
                "{\"access_token\":\"" + access + "\",\"token_type\":\"bearer\""
                        + (expiresIn == null ? "" : ",\"expires_in\":" + expiresIn)
                        + (rotated.isEmpty() ? "" : ",\"refresh_token\":\"" + rotated + "\"")
                        + "}");
    }

    /** The next refresh token, empty where none was used; null where the one that was used is not the latest. */
    private synchronized @Nullable String rotate(Call call) {
        boolean form = "application/x-www-form-urlencoded".equals(call.headers().get("content-type"));
        String used = form ? call.form().get("refresh_token") : null;
        if (used != null && !used.equals(valid)) {
            return null;
        }
        given++;
        if (used == null) {
            return "";
        }
        valid = "refresh-canary-" + given;
        return valid;
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("content-type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        release();
        server.stop(0);
        threads.shutdownNow();
    }
}
