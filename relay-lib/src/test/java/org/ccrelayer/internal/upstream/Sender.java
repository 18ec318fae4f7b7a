package org.ccrelayer.internal.upstream;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.event.PoolState;
import org.ccrelayer.http.ReplayableBody;
import org.ccrelayer.internal.network.EndpointGuard;
import org.ccrelayer.internal.outbound.Road;
import org.ccrelayer.internal.outbound.UpstreamRequest;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.jspecify.annotations.Nullable;

/** Sends requests on roads, one after the other, and waits for what comes of them. */
final class Sender implements AutoCloseable {
    static final Duration CONNECT_TIMEOUT = Duration.ofMillis(1_500);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final ScheduledExecutorScheduler scheduler = new ScheduledExecutorScheduler("test-scheduler", true, 1);
    private final UpstreamClient client;

    /** What came of a request: an answer or a failure. */
    record Result(int status, String body, @Nullable UpstreamFailure failure) {
        UpstreamFailure.Kind kind() {
            return Optional.ofNullable(failure)
                    .orElseThrow(() -> new AssertionError("was answered with " + status))
                    .kind();
        }
    }

    Sender() throws Exception {
        this(new EndpointGuard(true), TlsPolicy.DEFAULT);
    }

    Sender(EndpointGuard guard, TlsPolicy general) throws Exception {
        this(new UpstreamClient.Terms(CONNECT_TIMEOUT, Duration.ofSeconds(30), 100, guard, general));
    }

    Sender(UpstreamClient.Terms terms) throws Exception {
        scheduler.start();
        client = UpstreamClient.start(terms, scheduler, new ArrayByteBufferPool());
    }

    /** One for connections that come about, however busy the machine is. */
    static Sender patient(TlsPolicy general) throws Exception {
        return new Sender(
                new UpstreamClient.Terms(PATIENCE, Duration.ofSeconds(30), 100, new EndpointGuard(true), general));
    }

    UpstreamClient client() {
        return client;
    }

    static EgressProxy http(int port, @Nullable String user) {
        return new EgressProxy.HttpConnect("127.0.0.1", port, login(user));
    }

    static EgressProxy socks(int port, @Nullable String user) {
        return new EgressProxy.Socks5("127.0.0.1", port, login(user));
    }

    /** A user whose password is {@code password of} the name. */
    private static EgressProxy.@Nullable Login login(@Nullable String user) {
        return user == null ? null : new EgressProxy.Login(user, Secret.of(password(user)));
    }

    static String password(String user) {
        return "password of " + user;
    }

    static Road road(String account, EgressProxy proxy) {
        return new Road(account, proxy, TlsPolicy.DEFAULT);
    }

    Result send(URI upstream, Road road) {
        return await(begin(upstream, road));
    }

    /** Sends and does not wait. */
    CompletableFuture<Result> begin(URI upstream, Road road) {
        CompletableFuture<Result> result = new CompletableFuture<>();
        UpstreamRequest request = new UpstreamRequest(
                "POST", upstream, "/v1/messages", HttpFields.build().put("x-api-key", "sk-test"), body("{}"), road);
        UpstreamExchange exchange = client.prepare(request, new UpstreamListener() {
            @Override
            public void answered(int status, HttpFields headers, Content.Source body) {
                Content.Source.asString(
                        body,
                        StandardCharsets.UTF_8,
                        org.eclipse.jetty.util.Promise.from(
                                text -> result.complete(new Result(status, text, null)),
                                result::completeExceptionally));
            }

            @Override
            public void failed(UpstreamFailure failure) {
                result.complete(new Result(0, "", failure));
            }
        });
        exchange.send(Duration.ofSeconds(15));
        // The next request may use this one's connection only when that is free.
        CompletableFuture<Result> released = new CompletableFuture<>();
        result.whenComplete((value, failure) -> {
            if (failure != null) {
                released.completeExceptionally(failure);
            } else if (value.failure() != null || !exchange.awaitRelease(() -> released.complete(value))) {
                released.complete(value);
            }
        });
        return released;
    }

    static Result await(CompletableFuture<Result> result) {
        try {
            return result.get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("no result", e);
        }
    }

    PoolState pool(String account) {
        return client.pools().stream()
                .filter(pool -> pool.accountId().equals(account))
                .findFirst()
                .orElse(PoolState.none(account));
    }

    static ReplayableBody body(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new ReplayableBody() {
            @Override
            public long length() {
                return bytes.length;
            }

            @Override
            public Content.Source open() {
                return Content.Source.from(java.nio.ByteBuffer.wrap(bytes));
            }
        };
    }

    @Override
    public void close() {
        client.close();
        LifeCycle.stop(scheduler);
    }
}
