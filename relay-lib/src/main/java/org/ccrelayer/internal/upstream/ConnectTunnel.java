package org.ccrelayer.internal.upstream;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.ccrelayer.account.EgressProxy.HttpConnect;
import org.ccrelayer.account.EgressProxy.Login;
import org.ccrelayer.internal.upstream.UpstreamFailure.Kind;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;

/**
 * Has an HTTP proxy open a tunnel (RFC 9110 section 9.3.6), also to an upstream without TLS. The login belongs to this tunnel
 * alone: the client library keeps logins in a store that it searches by the beginning of a URI, where those of two accounts
 * behind one proxy can be mistaken for each other. Safe for concurrent use.
 */
final class ConnectTunnel extends ClientConnectionFactory.Wrapper {
    private static final int LARGEST_ANSWER = 16 * 1024;

    private final byte[] request;
    private final Executor executor;

    /**
     * Leads to {@code authority}, the upstream's host and port, and there goes on with {@code next}.
     */
    ConnectTunnel(HttpConnect proxy, String authority, Executor executor, ClientConnectionFactory next) {
        super(next);
        this.request = request(authority, proxy).getBytes(StandardCharsets.ISO_8859_1);
        this.executor = executor;
    }

    private static String request(String authority, HttpConnect proxy) {
        Login login = proxy.login();
        String credential = login == null ? "" : "Proxy-Authorization: Basic " + basic(login) + "\r\n";
        return "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n" + credential + "\r\n";
    }

    private static String basic(Login login) {
        String pair = login.username() + ":" + login.password().reveal();
        return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public org.eclipse.jetty.io.Connection newConnection(EndPoint endPoint, Map<String, Object> context) {
        return customize(new Opening(endPoint, executor, request, getWrapped(), context), context);
    }

    /** Asks and reads the answer; then the connection is the upstream's. Driven by one thread at a time. */
    private static final class Opening extends AbstractConnection
            implements org.eclipse.jetty.io.Connection.UpgradeFrom, HttpParser.ResponseHandler {
        private final byte[] request;
        private final ClientConnectionFactory next;
        private final Map<String, Object> context;
        private final HttpParser parser = new HttpParser(this, LARGEST_ANSWER);
        private final ByteBuffer read = BufferUtil.allocate(LARGEST_ANSWER);
        private int status;
        private boolean answered;

        Opening(
                EndPoint endPoint,
                Executor executor,
                byte[] request,
                ClientConnectionFactory next,
                Map<String, Object> context) {
            super(endPoint, executor);
            this.request = request;
            this.next = next;
            this.context = context;
            parser.setHeadResponse(true);
        }

        @Override
        public void onOpen() {
            super.onOpen();
            getEndPoint().write(Callback.from(this::fillInterested, this::fail), ByteBuffer.wrap(request));
        }

        @Override
        public void onFillable() {
            try {
                while (!answered) {
                    int filled = getEndPoint().fill(read);
                    if (filled < 0) {
                        throw new EOFException("the proxy closed the connection");
                    }
                    if (filled == 0) {
                        fillInterested();
                        return;
                    }
                    parse();
                }
                goOn();
            } catch (IOException | RuntimeException e) {
                fail(e);
            }
        }

        private void parse() throws IOException {
            while (!answered && read.hasRemaining()) {
                parser.parseNext(read);
                if (parser.isComplete()) {
                    parser.reset();
                } else if (parser.isClosed()) {
                    throw new RoadException(Kind.PROXY_BROKEN, "it does not answer in HTTP");
                }
            }
        }

        private void goOn() throws IOException {
            // Some proxies say 401 of a wrong password.
            if (status == HttpStatus.PROXY_AUTHENTICATION_REQUIRED_407 || status == HttpStatus.UNAUTHORIZED_401) {
                throw new RoadException(Kind.PROXY_LOGIN_REFUSED, "status " + status);
            }
            if (!HttpStatus.isSuccess(status)) {
                throw new RoadException(Kind.PROXY_REFUSED, "status " + status);
            }
            getEndPoint().upgrade(next.newConnection(getEndPoint(), context));
        }

        private void fail(Throwable cause) {
            getEndPoint().close(cause);
            @SuppressWarnings("unchecked")
            Promise<Connection> promise = (Promise<Connection>) context.get(Connection.PROMISE_CONTEXT_KEY);
            promise.failed(cause);
        }

        @Override
        public boolean onIdleExpired(TimeoutException timeout) {
            fail(timeout);
            return false;
        }

        /** What came behind the proxy's answer is the upstream's. */
        @Override
        public ByteBuffer onUpgradeFrom() {
            return BufferUtil.copy(read);
        }

        @Override
        public void startResponse(HttpVersion version, int answeredStatus, String reason) {
            status = answeredStatus;
        }

        @Override
        public boolean headerComplete() {
            answered = !HttpStatus.isInformational(status);
            return answered;
        }

        @Override
        public void parsedHeader(HttpField field) {
            // Only the status counts.
        }

        @Override
        public boolean content(ByteBuffer content) {
            return false;
        }

        @Override
        public boolean contentComplete() {
            return false;
        }

        @Override
        public boolean messageComplete() {
            return false;
        }

        @Override
        public void earlyEOF() {
            // The end is noticed where it is read.
        }
    }
}
