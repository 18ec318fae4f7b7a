package org.ccrelayer.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicReference;
import org.ccrelayer.servlet.container.TestContainer;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RelayFixture;
import org.junit.jupiter.api.Test;

/** What is not the relay's goes down the chain as it came. */
class FilterPassesTest {
    private record Passed(ServletRequest request, ServletResponse response) {}

    /** Answers with what it finds of its request. */
    private static final class Looking extends HttpServlet {
        private static final long serialVersionUID = 1L;

        private final transient AtomicReference<Passed> before;

        Looking(AtomicReference<Passed> before) {
            this.before = before;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            Passed passed = before.get();
            boolean same = passed.request == request && passed.response == response;
            boolean untouched = !request.isAsyncStarted() && !response.isCommitted();
            String body = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            response.getOutputStream().print(same + " " + untouched + " " + request.isAsyncSupported() + " " + body);
        }
    }

    @Test
    void the_host_gets_the_very_same_request_and_response() throws Exception {
        AtomicReference<Passed> before = new AtomicReference<>();
        Filter first = (request, response, chain) -> {
            Passed passed = new Passed(
                    new HttpServletRequestWrapper((HttpServletRequest) request),
                    new HttpServletResponseWrapper((HttpServletResponse) response));
            before.set(passed);
            chain.doFilter(passed.request, passed.response);
        };
        try (RelayFixture fixture = RelayFixture.over();
                TestContainer container = TestContainer.start("", context -> {
                    var looking = context.addServlet("looking", new Looking(before));
                    looking.setAsyncSupported(true);
                    looking.addMapping("/");
                    var wrapping = context.addFilter("first", first);
                    wrapping.setAsyncSupported(true);
                    wrapping.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/*");
                    var relay = context.addFilter("relay", new RelayFilter(fixture.relay()));
                    relay.setAsyncSupported(true);
                    relay.addMappingForUrlPatterns(
                            EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC), true, "/*");
                });
                RawClient client = new RawClient(container.port())) {
            client.head("POST /v2/messages", "content-length: 5").send("hello".getBytes(StandardCharsets.UTF_8));
            assertThat(client.readAnswer().text()).isEqualTo("true true true hello");
            assertThat(fixture.listener().summaries()).isEmpty();
        }
    }
}
