package org.ccrelayer.simulated;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Sends one answer step by step. Writes and pauses are asynchronous, so that an answer under way holds no thread.
 *
 * <p>During pauses it looks now and then whether the peer is still there, because a peer that has gone would otherwise
 * be noticed only at the second write after that.
 */
final class Playback extends IteratingCallback {
    private static final Duration WATCH_PERIOD = Duration.ofMillis(50);

    private final Response response;
    private final Callback callback;
    private final Counters counters;
    private final Iterator<Step> steps;
    private final Scheduler scheduler;
    private Duration pause = Duration.ZERO;
    private boolean ended;

    Playback(Response response, Callback callback, List<Step> steps, Counters counters) {
        this.response = response;
        this.callback = callback;
        this.counters = counters;
        this.steps = steps.iterator();
        this.scheduler = response.getRequest().getComponents().getScheduler();
        counters.open.incrementAndGet();
    }

    @Override
    protected Action process() throws IOException {
        if (!pause.isZero()) {
            return pause();
        }
        if (!steps.hasNext()) {
            return Action.SUCCEEDED;
        }
        Step step = steps.next();
        if (step instanceof Step.Pause next) {
            pause = next.duration();
            return pause();
        }
        return send(step);
    }

    private Action send(Step step) throws IOException {
        if (step instanceof Step.Send send) {
            response.write(false, send.buffer(), this);
        } else if (step instanceof Step.Interim interim) {
            response.writeInterim(interim.status(), HttpFields.EMPTY).whenComplete(this::completed);
        } else if (step instanceof Step.Commit) {
            response.write(false, BufferUtil.EMPTY_BUFFER, this);
        } else if (step instanceof Step.Tell tell) {
            tell.action().run();
            succeeded();
        } else if (step instanceof Step.Abort) {
            throw abort();
        } else {
            end();
            response.write(true, BufferUtil.EMPTY_BUFFER, this);
        }
        return Action.SCHEDULED;
    }

    private Action pause() {
        Duration slice = pause.compareTo(WATCH_PERIOD) > 0 ? WATCH_PERIOD : pause;
        pause = pause.minus(slice);
        scheduler.schedule(this::resume, slice);
        return Action.SCHEDULED;
    }

    private void resume() {
        try {
            if (peerIsGone()) {
                throw new EofException("the peer closed the connection");
            }
            succeeded();
        } catch (IOException e) {
            failed(e);
        }
    }

    /** Reads a byte ahead, which is there only if the peer sends its next request before it has this answer. */
    private boolean peerIsGone() throws IOException {
        Connection connection = connection();
        if (connection.getEndPoint().isFillInterested()) {
            return false;
        }
        ByteBuffer ahead = BufferUtil.allocate(1);
        int count = connection.getEndPoint().fill(ahead);
        if (count > 0 && connection instanceof Connection.UpgradeTo receiver) {
            receiver.onUpgradeTo(ahead);
        }
        return count < 0;
    }

    private ScriptedAbort abort() {
        end();
        connection().getEndPoint().close();
        return new ScriptedAbort();
    }

    private Connection connection() {
        return response.getRequest().getConnectionMetaData().getConnection();
    }

    private void completed(Void result, Throwable failure) {
        if (failure == null) {
            succeeded();
        } else {
            failed(failure);
        }
    }

    /** Counts the answer as over before its last byte can be seen by anybody. */
    private void end() {
        if (!ended) {
            ended = true;
            counters.open.decrementAndGet();
        }
    }

    @Override
    protected void onCompleteSuccess() {
        callback.succeeded();
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        end();
        if (!(cause instanceof ScriptedAbort)) {
            counters.cancelled.incrementAndGet();
        }
        callback.failed(cause);
    }

    /** Tells the failures that a script asked for from those that the peer caused. */
    private static final class ScriptedAbort extends IOException implements QuietException {
        private static final long serialVersionUID = 1L;

        ScriptedAbort() {
            super("the script ends here");
        }
    }
}
