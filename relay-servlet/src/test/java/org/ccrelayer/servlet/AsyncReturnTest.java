package org.ccrelayer.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicReference;
import org.ccrelayer.Relay;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.testkit.RawClient;
import org.junit.jupiter.api.Test;

/** Asynchronous dispatches meet the right one, whoever began them and whatever stands between. */
class AsyncReturnTest {
    private static final EnumSet<DispatcherType> EVERY = EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC);

    private static void add(ServletContext context, String name, Filter filter, EnumSet<DispatcherType> types) {
        var added = context.addFilter(name, filter);
        added.setAsyncSupported(true);
        added.addMappingForUrlPatterns(types, true, "/*");
    }

    private static void relayFilter(ServletContext context, Relay relay) {
        add(context, "relay", new RelayFilter(relay), EnumSet.of(DispatcherType.REQUEST));
        context.addServlet("host", new HostServlet()).addMapping("/");
    }

    private static void assertBreaks(Webapp webapp) throws IOException {
        webapp.upstream().enqueue(Script.answer().eventPerWrite().cutMidEvent(4));
        try (RawClient client = webapp.client()) {
            RawClient.Head head = webapp.ask(client).readHead();
            assertThat(head.status()).isEqualTo(200);
            assertThat(new String(client.readToBreak(head), StandardCharsets.UTF_8))
                    .contains("message_start")
                    .doesNotContain(HostServlet.ANSWER);
        }
    }

    /** Lets every request wait for its turn, as filters do that spare a server. */
    private static void waiting(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request.getDispatcherType() == DispatcherType.ASYNC) {
            chain.doFilter(request, response);
        } else {
            request.startAsync(request, response).dispatch();
        }
    }

    @Test
    void a_servlet_serves_what_a_host_has_let_wait() throws Exception {
        try (Webapp webapp = new Webapp((context, relay) -> {
            add(context, "waiting", AsyncReturnTest::waiting, EVERY);
            Webapp.servlet(context, relay);
        })) {
            assertThat(webapp.stream()).contains("message_stop");
            assertBreaks(webapp);
        }
    }

    @Test
    void a_filter_serves_what_a_host_has_let_wait_and_leaves_the_host_its_own() throws Exception {
        try (Webapp webapp = new Webapp((context, relay) -> {
            add(context, "waiting", AsyncReturnTest::waiting, EVERY);
            relayFilter(context, relay);
        })) {
            assertThat(webapp.stream()).contains("message_stop");
            assertBreaks(webapp);
            try (RawClient client = webapp.client()) {
                assertThat(client.head("GET /page").readAnswer().text()).isEqualTo(HostServlet.ANSWER);
            }
        }
    }

    @Test
    void a_host_that_catches_everything_does_not_meet_the_end_of_a_broken_answer() throws Exception {
        try (Webapp webapp = new Webapp((context, relay) -> {
            add(context, "catching", AsyncReturnTest::catching, EVERY);
            relayFilter(context, relay);
        })) {
            assertBreaks(webapp);
        }
    }

    private static void catching(ServletRequest request, ServletResponse response, FilterChain chain) {
        try {
            chain.doFilter(request, response);
        } catch (IOException | ServletException e) {
            request.getServletContext().log("the host has caught " + e);
        }
    }

    @Test
    void a_host_that_wraps_responses_and_flushes_them_does_not_end_a_broken_answer() throws Exception {
        Filter wrapping = (request, response, chain) -> {
            HttpServletResponse wrapped = new HttpServletResponseWrapper((HttpServletResponse) response);
            try {
                chain.doFilter(request, wrapped);
            } finally {
                wrapped.flushBuffer();
            }
        };
        try (Webapp filtered = new Webapp((context, relay) -> {
                    add(context, "wrapping", wrapping, EVERY);
                    relayFilter(context, relay);
                });
                Webapp served = new Webapp((context, relay) -> {
                    add(context, "wrapping", wrapping, EVERY);
                    Webapp.servlet(context, relay);
                })) {
            assertBreaks(filtered);
            assertBreaks(served);
        }
    }

    /** Holds a filter that it initialises when it is first needed. */
    private static final class LateFilter implements Filter {
        private final RelayFilter relay;
        private final AtomicReference<FilterConfig> config = new AtomicReference<>();

        LateFilter(Relay relay) {
            this.relay = new RelayFilter(relay);
        }

        @Override
        public void init(FilterConfig given) {
            config.set(given);
        }

        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            FilterConfig given = config.getAndSet(null);
            if (given != null) {
                relay.init(given);
            }
            relay.doFilter(request, response, chain);
        }
    }

    @Test
    void a_filter_that_was_initialised_after_the_start_breaks_off_all_the_same() throws Exception {
        try (Webapp webapp = new Webapp((context, relay) -> {
            add(context, "late", new LateFilter(relay), EnumSet.of(DispatcherType.REQUEST));
            context.addServlet("host", new HostServlet()).addMapping("/");
        })) {
            assertThat(webapp.stream()).contains("message_stop");
            assertBreaks(webapp);
        }
    }
}
