package org.ccrelayer.benchmarks;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * An upstream on loopback that costs little: it reads the request, looks at what the client accepts and sends bytes that
 * were made beforehand. Each event of a stream is a write of its own, as from an API that sends words when it has them.
 */
final class CannedUpstream implements AutoCloseable {
    private static final String EVENT_STREAM = "text/event-stream";

    /** What is accepted by who wants a pause between events; it changes nothing else. */
    static final String PACED = EVENT_STREAM + ", paced/*";

    /** The pause. */
    static final int PAUSE_MILLIS = 5;

    private static final int MOST_THREADS = 16;

    private final Server server;
    private final ServerConnector connector;

    private CannedUpstream(CannedAnswer message, CannedAnswer stream) {
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, 2);
        threads.setName("upstream");
        threads.setDaemon(true);
        server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Answers(message, stream));
    }

    /** Starts one on a free port. */
    static CannedUpstream start(CannedAnswer message, CannedAnswer stream) throws Exception {
        CannedUpstream upstream = new CannedUpstream(message, stream);
        upstream.server.start();
        return upstream;
    }

    int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        LifeCycle.stop(server);
    }

    private static final class Answers extends Handler.Abstract.NonBlocking {
        private final CannedAnswer message;
        private final CannedAnswer stream;

        Answers(CannedAnswer message, CannedAnswer stream) {
            this.message = message;
            this.stream = stream;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            String accepted = String.valueOf(request.getHeaders().get(HttpHeader.ACCEPT));
            CannedAnswer answer = accepted.startsWith(EVENT_STREAM) ? stream : message;
            Pause pause = accepted.equals(PACED)
                    ? next -> getServer().getScheduler().schedule(next, PAUSE_MILLIS, TimeUnit.MILLISECONDS)
                    : Runnable::run;
            Runnable send = () -> send(answer, pause, response, callback);
            Content.Source.consumeAll(request, Callback.from(InvocationType.NON_BLOCKING, send, callback::failed));
            return true;
        }

        private void send(CannedAnswer answer, Pause pause, Response response, Callback callback) {
            response.getHeaders().add(answer.headers());
            if (answer == message) {
                response.write(true, ByteBuffer.wrap(answer.parts().get(0)), callback);
            } else {
                new Streaming(answer.parts().iterator(), pause, response, callback).iterate();
            }
        }
    }

    /** What is between two events. */
    @FunctionalInterface
    private interface Pause {
        void before(Runnable next);
    }

    /** Writes piece by piece, the next one when the one before is out. */
    private static final class Streaming extends IteratingCallback {
        private final Iterator<byte[]> parts;
        private final Pause pause;
        private final Response response;
        private final Callback callback;
        private boolean ended;

        Streaming(Iterator<byte[]> parts, Pause pause, Response response, Callback callback) {
            this.parts = parts;
            this.pause = pause;
            this.response = response;
            this.callback = callback;
        }

        @Override
        protected Action process() {
            if (parts.hasNext()) {
                pause.before(() -> response.write(false, ByteBuffer.wrap(parts.next()), this));
                return Action.SCHEDULED;
            }
            if (!ended) {
                ended = true;
                response.write(true, BufferUtil.EMPTY_BUFFER, this);
                return Action.SCHEDULED;
            }
            return Action.SUCCEEDED;
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }

        @Override
        protected void onCompleteSuccess() {
            callback.succeeded();
        }

        @Override
        protected void onCompleteFailure(Throwable cause) {
            callback.failed(cause);
        }
    }
}
