package org.ccrelayer.internal.envelope;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.ccrelayer.http.ReplayableBody;
import org.eclipse.jetty.io.Content;

/**
 * A request body as the client sent it, in memory. It has one owner, who {@link #release releases} it when the exchange
 * is over. Safe for all threads.
 *
 * <p>Who reads its memory, and when: each piece that a source hands out counts as in use until that piece is released,
 * which says that nobody looks at its bytes any more. Releasing the body makes every source of it fail at its next
 * read. Only if no piece is in use at that moment do the arrays go back to the pool; otherwise an upstream write may
 * still look at them, and they are left to the garbage collector. So an array in the pool is one that nobody can read,
 * and a piece that is never released costs the reuse of memory and nothing else. The budget gets its bytes back in
 * either case.
 */
public final class RequestBody implements ReplayableBody {
    private static final int RELEASED = -1;

    private final List<Slice> slices;
    private final long length;
    private final ChunkPool pool;
    private final BodyBudget budget;
    private final long reserved;
    private final AtomicInteger piecesInUse = new AtomicInteger();

    /**
     * A body made of {@code slices}, each of another array.
     *
     * @param reserved what the budget gets back, in bytes
     */
    RequestBody(List<Slice> slices, ChunkPool pool, BodyBudget budget, long reserved) {
        this.slices = List.copyOf(slices);
        this.length = lengthOf(slices);
        this.pool = requireNonNull(pool, "pool");
        this.budget = requireNonNull(budget, "budget");
        this.reserved = reserved;
    }

    @Override
    public long length() {
        return length;
    }

    /**
     * A new source that delivers the whole body from its beginning, without copying it; it can be rewound. Sources of a
     * released body fail when they are read.
     */
    @Override
    public Content.Source open() {
        return new BodySource(this, slices, length);
    }

    /**
     * The same body with other bytes in one place; it shares this body's memory and ends with it.
     *
     * @param from the first byte that is replaced
     * @param to behind the last byte that is replaced, at least {@code from}
     * @param value what stands there instead, of any length
     */
    public ReplayableBody withReplaced(long from, long to, byte[] value) {
        if (from < 0 || to < from || to > length) {
            throw new IllegalArgumentException("no such part of the body");
        }
        List<Slice> parts = new ArrayList<>(slices.size() + 2);
        addPart(parts, 0, from);
        if (value.length > 0) {
            parts.add(new Slice(value.clone(), 0, value.length));
        }
        addPart(parts, to, length);
        List<Slice> replaced = List.copyOf(parts);
        long replacedLength = lengthOf(replaced);
        return new ReplayableBody() {
            @Override
            public long length() {
                return replacedLength;
            }

            @Override
            public Content.Source open() {
                return new BodySource(RequestBody.this, replaced, replacedLength);
            }
        };
    }

    /** Ends the body; calls after the first do nothing. */
    public void release() {
        int inUse = piecesInUse.getAndSet(RELEASED);
        if (inUse == RELEASED) {
            return;
        }
        if (inUse == 0) {
            for (Slice slice : slices) {
                pool.giveBack(slice.array());
            }
        }
        budget.release(reserved);
    }

    /** Marks one more piece as in use; false, and nothing changed, if the body was released. */
    boolean beginUse() {
        return piecesInUse.getAndUpdate(count -> count == RELEASED ? RELEASED : count + 1) != RELEASED;
    }

    /** A piece is no longer in use. */
    void endUse() {
        piecesInUse.getAndUpdate(count -> count == RELEASED ? RELEASED : count - 1);
    }

    private void addPart(List<Slice> parts, long from, long to) {
        long start = 0;
        for (Slice slice : slices) {
            long first = Math.max(from, start);
            long last = Math.min(to, start + slice.length());
            if (first < last) {
                int shift = slice.from();
                parts.add(new Slice(slice.array(), (int) (first - start) + shift, (int) (last - start) + shift));
            }
            start += slice.length();
        }
    }

    private static long lengthOf(List<Slice> slices) {
        return slices.stream().mapToLong(Slice::length).sum();
    }

    @Override
    public String toString() {
        return "RequestBody[" + length + " bytes]";
    }
}
