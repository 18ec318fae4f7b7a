package org.ccrelayer.standalone;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.ccrelayer.testkit.RawUpstream;
import org.ccrelayer.testkit.Wait;

/**
 * An upstream that answers at once, but where the request has the header field {@link #HOLD} it stops at a point of the answer
 * until it is told how to go on. Safe for concurrent use.
 */
final class HeldUpstream implements AutoCloseable {
    /** Asks for an answer that stops. */
    static final String HOLD = "x-hold: yes";

    private static final String HEAD =
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n";

    private enum Order {
        HOLD,
        NOISE,
        FINISH,
        DIE
    }

    private final AnswerPoint point;
    private final RawUpstream upstream;
    private final AtomicInteger holding = new AtomicInteger();
    private volatile Order order = Order.HOLD;
    private volatile boolean hungUp;

    private HeldUpstream(AnswerPoint point, boolean resetting) throws IOException {
        this.point = point;
        this.upstream = resetting ? RawUpstream.resetting(this::answer) : RawUpstream.answering(this::answer);
    }

    /** An upstream that stops at that point. */
    static HeldUpstream at(AnswerPoint point) throws IOException {
        return new HeldUpstream(point, false);
    }

    /** An upstream that stops at that point, and ends all its connections with a reset. */
    static HeldUpstream resettingAt(AnswerPoint point) throws IOException {
        return new HeldUpstream(point, true);
    }

    URI uri() {
        return upstream.uri();
    }

    /** Waits until so many answers have come to the point. */
    void awaitHolding(int answers) {
        Wait.until("the upstream to come to " + point, () -> holding.get() == answers);
    }

    /** Ends held connections where their answers are. */
    void die() {
        order = Order.DIE;
    }

    /** Goes on with what tells nothing new, until there is another order or the peer hangs up. */
    void makeNoise() {
        order = Order.NOISE;
    }

    /** Sends the rest of held answers. */
    void finish() {
        order = Order.FINISH;
    }

    /** Whether a peer has gone while a held answer was sent to it. */
    boolean hungUp() {
        return hungUp;
    }

    private void answer(String requestHead, OutputStream out) throws IOException {
        AnswerPoint from = AnswerPoint.BEFORE_HEADERS;
        if (requestHead.contains(HOLD)) {
            try {
                from = hold(out);
            } catch (IOException e) {
                hungUp = true;
                throw e;
            }
        }
        if (order != Order.DIE) {
            send(out, from == AnswerPoint.BEFORE_HEADERS ? HEAD : "", from.behind());
            out.write(RawUpstream.bytes("0\r\n\r\n"));
        }
    }

    /** Tells how far the answer went. */
    private AnswerPoint hold(OutputStream out) throws IOException {
        if (point != AnswerPoint.BEFORE_HEADERS) {
            send(out, HEAD, point.before());
        }
        holding.incrementAndGet();
        while (order == Order.HOLD) {
            LockSupport.parkNanos(1_000_000);
        }
        if (order == Order.DIE || order == Order.FINISH) {
            return point;
        }
        AnswerPoint reached = point;
        if (point == AnswerPoint.BEFORE_HEADERS) {
            reached = AnswerPoint.MESSAGE_START;
            send(out, HEAD, reached.before());
        }
        while (order == Order.NOISE) {
            send(out, "", reached.noise());
            LockSupport.parkNanos(1_000_000);
        }
        return reached;
    }

    private static void send(OutputStream out, String before, String text) throws IOException {
        String chunk = text.isEmpty() ? "" : Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
        out.write(RawUpstream.bytes(before + chunk));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        order = Order.DIE;
        upstream.close();
    }
}
