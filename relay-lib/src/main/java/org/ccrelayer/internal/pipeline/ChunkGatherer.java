package org.ccrelayer.internal.pipeline;

import java.nio.ByteBuffer;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/**
 * Puts the chunks of an answer together that can be read without waiting, so that they go out in one write. A single
 * chunk is not copied. Holds memory only from the first chunk to the release. Not safe for concurrent use.
 */
final class ChunkGatherer {
    private static final int CAPACITY = 32 * 1024;

    private final ByteBufferPool pool;
    private Content.@Nullable Chunk single;
    private @Nullable RetainableByteBuffer joined;
    private Content.@Nullable Chunk carried;

    ChunkGatherer(ByteBufferPool pool) {
        this.pool = pool;
    }

    /** Reads what the source has now, up to the capacity; the chunk that ends it is handed back, null means none did. */
    Content.@Nullable Chunk gather(Content.Source source) {
        while (true) {
            Content.Chunk chunk = carried != null ? carried : source.read();
            carried = null;
            if (chunk == null) {
                return null;
            }
            if (Content.Chunk.isFailure(chunk)) {
                return chunk;
            }
            if (chunk.hasRemaining() && !add(chunk)) {
                carried = chunk;
                return null;
            }
            if (chunk.isLast()) {
                if (chunk != single) {
                    chunk.release();
                }
                return Content.Chunk.EOF;
            }
            if (chunk != single) {
                chunk.release();
            }
        }
    }

    private boolean add(Content.Chunk chunk) {
        if (single == null && joined == null) {
            single = chunk;
            return true;
        }
        if (joined == null) {
            if (single.remaining() + chunk.remaining() > CAPACITY) {
                return false;
            }
            joined = pool.acquire(CAPACITY, false);
            append(joined, single);
            single.release();
            single = null;
        }
        return append(joined, chunk);
    }

    private static boolean append(RetainableByteBuffer target, Content.Chunk chunk) {
        ByteBuffer buffer = target.getByteBuffer();
        if (buffer.capacity() - buffer.limit() < chunk.remaining()) {
            return false;
        }
        BufferUtil.append(buffer, chunk.getByteBuffer());
        return true;
    }

    /** The bytes that were gathered. */
    ByteBuffer bytes() {
        if (single != null) {
            return single.getByteBuffer();
        }
        return joined != null ? joined.getByteBuffer() : BufferUtil.EMPTY_BUFFER;
    }

    /** Whether a chunk waits that did not fit. */
    boolean full() {
        return carried != null;
    }

    /** Lets go of the gathered bytes; a chunk that did not fit stays. */
    void release() {
        if (single != null) {
            single.release();
            single = null;
        }
        if (joined != null) {
            joined.release();
            joined = null;
        }
    }

    /** Lets go of everything. */
    void discard() {
        release();
        if (carried != null) {
            carried.release();
            carried = null;
        }
    }
}
