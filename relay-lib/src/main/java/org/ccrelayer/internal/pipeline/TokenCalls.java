package org.ccrelayer.internal.pipeline;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.ccrelayer.account.Account;
import org.ccrelayer.http.ReplayableBody;
import org.ccrelayer.internal.credential.TokenEndpoint;
import org.ccrelayer.internal.credential.TokenRequest;
import org.ccrelayer.internal.outbound.Road;
import org.ccrelayer.internal.outbound.UpstreamRequest;
import org.ccrelayer.internal.upstream.UpstreamClient;
import org.ccrelayer.internal.upstream.UpstreamExchange;
import org.ccrelayer.internal.upstream.UpstreamFailure;
import org.ccrelayer.internal.upstream.UpstreamListener;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.content.ByteBufferContentSource;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Scheduler;

/** Calls token endpoints with the client that also calls upstreams, as the account's own. Safe for concurrent use; never blocks. */
public final class TokenCalls implements TokenEndpoint {
    /** How long a call may take, all of it. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int LONGEST = 1024 * 1024;

    private final UpstreamClient upstreams;
    private final Scheduler scheduler;
    private final Duration patience;

    /** Calls that take {@code patience} at most. */
    public TokenCalls(UpstreamClient upstreams, Scheduler scheduler, Duration patience) {
        this.upstreams = requireNonNull(upstreams, "upstreams");
        this.scheduler = requireNonNull(scheduler, "scheduler");
        this.patience = requireNonNull(patience, "patience");
    }

    @Override
    public CompletionStage<Answer> post(Account account, TokenRequest request) {
        URI uri = request.uri();
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
        UpstreamRequest upstreamRequest = new UpstreamRequest(
                "POST", uri, target, request.headers(), new KeptBytes(request.body()), Road.of(account));
        Call call = new Call();
        try {
            call.begin(upstreams.prepare(upstreamRequest, call));
        } catch (RuntimeException e) {
            call.fail(false, "the token endpoint cannot be called");
        }
        return call.answer;
    }

    /** One call. */
    private final class Call implements UpstreamListener {
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();
        private volatile boolean late;

        void begin(UpstreamExchange exchange) {
            Scheduler.Task end = scheduler.schedule(
                    () -> {
                        late = true;
                        exchange.cancel(new TimeoutException("the token endpoint took too long"));
                    },
                    patience);
            answer.whenComplete((done, failure) -> {
                end.cancel();
                if (failure != null) {
                    exchange.cancel(failure);
                }
            });
            exchange.send(patience);
        }

        @Override
        public void answered(int status, HttpFields headers, Content.Source body) {
            Content.Source.asByteArrayAsync(body, LONGEST, new Promise.Invocable<>() {
                @Override
                public void succeeded(byte[] bytes) {
                    answer.complete(new Answer(status, bytes));
                }

                @Override
                public void failed(Throwable cause) {
                    fail(true, late ? "the answer took too long" : "the answer broke off or is longer than 1 MiB");
                }

                @Override
                public InvocationType getInvocationType() {
                    return InvocationType.NON_BLOCKING;
                }
            });
        }

        @Override
        public void failed(UpstreamFailure failure) {
            UpstreamFailure.Kind kind = late ? UpstreamFailure.Kind.TIMEOUT : failure.kind();
            fail(failure.sent(), kind.words());
        }

        private void fail(boolean heard, String words) {
            answer.completeExceptionally(new Unanswered(heard, words));
        }
    }

    /**
     * A body that is short.
     *
     * @param bytes what nobody changes
     */
    private record KeptBytes(byte[] bytes) implements ReplayableBody {
        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public Content.Source open() {
            return new ByteBufferContentSource(ByteBuffer.wrap(bytes));
        }

        @Override
        public String toString() {
            return "KeptBytes[" + bytes.length + "]";
        }
    }
}
