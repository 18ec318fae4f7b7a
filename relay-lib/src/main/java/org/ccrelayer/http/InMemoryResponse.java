package org.ccrelayer.http;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The answer to an {@link InMemoryRequest}. Its body is read in one of three ways, once: {@link #whole}, {@link #stream} or
 * {@link #body}. The relay goes on when what it wrote was read, so a reader that pauses pauses the upstream, and at most one
 * piece of the answer, some 32 KiB, waits in memory. An answer is therefore either read to its end or {@link #cancel cancelled};
 * otherwise its exchange stays in flight.
 *
 * <p>One thread at a time reads, any thread may cancel. Futures are completed by threads of the relay, which must not be blocked:
 * continue with {@code thenApplyAsync} and the like where that is not certain.
 */
public final class InMemoryResponse implements ClientResponse {
    private final InMemoryBody body;
    private final CompletableFuture<Head> told = new CompletableFuture<>();
    private final AtomicBoolean taken = new AtomicBoolean();
    private volatile @Nullable Head head;

    /**
     * How an answer begins.
     *
     * @param status 200 to 599
     * @param headers the header fields
     */
    public record Head(int status, HttpFields headers) {
        public Head {
            requireNonNull(headers, "headers");
        }
    }

    private InMemoryResponse(InMemoryRequest request) {
        this.body = new InMemoryBody(cause -> {
            told.completeExceptionally(cause);
            request.gone(cause);
        });
    }

    /** An answer to {@code request}; hand both to the relay. */
    public static InMemoryResponse to(InMemoryRequest request) {
        return new InMemoryResponse(requireNonNull(request, "request"));
    }

    /**
     * Status and header fields, as soon as the first byte of the answer has come; an {@link IOException} where none came, or the
     * answer was cancelled. It can be asked for any number of times, and reads nothing.
     */
    public CompletableFuture<Head> head() {
        return told.copy();
    }

    /**
     * Reads the whole body. The future fails with an {@link IOException} if the answer breaks off, is cancelled, or is longer than
     * {@code mostBytes}. If it ends in any way but with the whole body, by {@code orTimeout} or {@code cancel} too, the answer is
     * cancelled.
     *
     * @throws IllegalStateException if the body is read already
     */
    public CompletableFuture<byte[]> whole(int mostBytes) {
        CompletableFuture<byte[]> whole = new CompletableFuture<>();
        whole.whenComplete((bytes, failure) -> {
            if (failure != null) {
                cancel();
            }
        });
        collect(body(), new ByteArrayOutputStream(), mostBytes, whole);
        return whole;
    }

    private static void collect(
            Content.Source source, ByteArrayOutputStream bytes, int mostBytes, CompletableFuture<byte[]> whole) {
        while (true) {
            Content.Chunk chunk = source.read();
            if (chunk == null) {
                source.demand(() -> collect(source, bytes, mostBytes, whole));
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                whole.completeExceptionally(chunk.getFailure());
                return;
            }
            if (chunk.remaining() > mostBytes - bytes.size()) {
                whole.completeExceptionally(new IOException("the answer is longer than " + mostBytes + " bytes"));
                return;
            }
            byte[] piece = new byte[chunk.remaining()];
            chunk.get(piece, 0, piece.length);
            bytes.writeBytes(piece);
            if (chunk.isLast()) {
                whole.complete(bytes.toByteArray());
                return;
            }
        }
    }

    /**
     * The body as a stream whose reads wait for bytes and return what has come. An answer that breaks off ends in an
     * {@link IOException}, never in a clean end. Closing it before its end cancels the answer.
     *
     * @throws IllegalStateException if the body is read already
     */
    public InputStream stream() {
        return new FilterInputStream(Content.Source.asInputStream(body())) {
            @Override
            public void close() {
                cancel();
            }
        };
    }

    /**
     * The body for reading without a thread, with {@code read()} and {@code demand()}; Jetty's {@code Content.Source} makes other
     * things of it, such as a {@code Flow.Publisher}. A broken answer ends in a failure chunk; {@code fail} cancels the answer.
     *
     * @throws IllegalStateException if the body is read already
     */
    public Content.Source body() {
        if (!taken.compareAndSet(false, true)) {
            throw new IllegalStateException("the body of an answer is read once, in one way");
        }
        return body;
    }

    /** Gives the answer up: the relay learns that its client is gone. Without effect after its end. */
    public void cancel() {
        body.fail(new IOException("the answer was cancelled"));
    }

    @Override
    public void head(int status, HttpFields headers) {
        head = new Head(status, headers.asImmutable());
    }

    @Override
    public void write(boolean last, ByteBuffer content, Callback callback) {
        told.complete(requireNonNull(head, "head"));
        body.write(last, content, callback);
    }

    @Override
    public boolean committed() {
        return told.isDone();
    }

    @Override
    public void abort(Throwable cause) {
        IOException broken = new IOException("the answer broke off", cause);
        if (body.breakOff(broken)) {
            told.completeExceptionally(broken);
        }
    }
}
