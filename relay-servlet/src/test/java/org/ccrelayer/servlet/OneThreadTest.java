package org.ccrelayer.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.testkit.RawClient;
import org.junit.jupiter.api.Test;

/** Where a request keeps its container's thread, no other thread touches what is the container's. */
class OneThreadTest {
    private final Queue<String> strangers = new ConcurrentLinkedQueue<>();
    private final AtomicInteger touches = new AtomicInteger();

    /** Whose thread it is, and until when. */
    private final class Watch {
        private final Thread owner = Thread.currentThread();
        private volatile boolean over;

        void touched(String what) {
            touches.incrementAndGet();
            if (over || Thread.currentThread() != owner) {
                strangers.add(what + " by " + Thread.currentThread().getName() + (over ? " when it was over" : ""));
            }
        }
    }

    private final class WatchingFilter extends LegacyFilter {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            Watch watch = new Watch();
            try {
                chain.doFilter(new WatchedRequest(request, watch), new WatchedResponse(response, watch));
            } finally {
                watch.over = true;
            }
        }
    }

    private static final class WatchedRequest extends HttpServletRequestWrapper {
        private final Watch watch;

        WatchedRequest(HttpServletRequest request, Watch watch) {
            super(request);
            this.watch = watch;
        }

        @Override
        public Object getAttribute(String name) {
            watch.touched("getAttribute");
            return super.getAttribute(name);
        }

        @Override
        public void setAttribute(String name, Object value) {
            watch.touched("setAttribute");
            super.setAttribute(name, value);
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            watch.touched("getInputStream");
            return new WatchedInput(super.getInputStream(), watch);
        }
    }

    private static final class WatchedInput extends ServletInputStream {
        private final ServletInputStream input;
        private final Watch watch;

        WatchedInput(ServletInputStream input, Watch watch) {
            this.input = input;
            this.watch = watch;
        }

        @Override
        public int read() throws IOException {
            watch.touched("read");
            return input.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            watch.touched("read");
            return input.read(bytes, offset, length);
        }

        @Override
        public boolean isFinished() {
            return input.isFinished();
        }

        @Override
        public boolean isReady() {
            return input.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            input.setReadListener(listener);
        }
    }

    private static final class WatchedResponse extends HttpServletResponseWrapper {
        private final Watch watch;

        WatchedResponse(HttpServletResponse response, Watch watch) {
            super(response);
            this.watch = watch;
        }

        @Override
        public void setStatus(int status) {
            watch.touched("setStatus");
            super.setStatus(status);
        }

        @Override
        public void addHeader(String name, String value) {
            watch.touched("addHeader");
            super.addHeader(name, value);
        }

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            watch.touched("getOutputStream");
            return new WatchedOutput(super.getOutputStream(), watch);
        }
    }

    private static final class WatchedOutput extends ServletOutputStream {
        private final ServletOutputStream output;
        private final Watch watch;

        WatchedOutput(ServletOutputStream output, Watch watch) {
            this.output = output;
            this.watch = watch;
        }

        @Override
        public void write(int b) throws IOException {
            watch.touched("write");
            output.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            watch.touched("write");
            output.write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            watch.touched("flush");
            output.flush();
        }

        @Override
        public boolean isReady() {
            return output.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            output.setWriteListener(listener);
        }
    }

    @Test
    void no_other_thread_touches_what_is_the_container_s() throws Exception {
        try (Webapp webapp = new Webapp((context, relay) -> {
            var filter = context.addFilter("watching", new WatchingFilter());
            filter.setAsyncSupported(false);
            filter.addMappingForUrlPatterns(null, false, "/*");
            Webapp.servlet(context, relay);
        })) {
            webapp.upstream().enqueue(Script.answer().events(20).trickle(Duration.ofMillis(5)));
            assertThat(webapp.stream()).contains("message_stop");
            webapp.upstream().enqueue(Script.answer().eventPerWrite().cutMidEvent(4));
            try (RawClient client = webapp.client()) {
                client.readToBreak(webapp.ask(client).readHead());
            }
            webapp.upstream().enqueue(Script.answer().events(10_000).trickle(Duration.ofMillis(5)));
            RawClient leaving = webapp.client();
            webapp.ask(leaving).readHead();
            leaving.reset();
            assertThat(webapp.fixture().listener().await(3).outcome()).isEqualTo(Outcome.CLIENT_GONE);
        }
        assertThat(strangers).isEmpty();
        assertThat(touches).hasValueGreaterThan(40);
    }
}
