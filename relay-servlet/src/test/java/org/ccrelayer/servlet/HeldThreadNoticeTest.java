package org.ccrelayer.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import java.util.List;
import org.ccrelayer.testkit.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Who reads the log knows whose declaration to mend. */
class HeldThreadNoticeTest {
    private final ListAppender<ILoggingEvent> seen = new ListAppender<>();
    private final Logger log = (Logger) LoggerFactory.getLogger(HeldThreadNotice.class);

    /** Serves requests by what it extends, as many filters of frameworks do. */
    private static final class InheritingFilter extends LegacyFilter {
        private static final long serialVersionUID = 1L;
    }

    /** Behind or beside the relay. */
    private static final class OtherFilter extends LegacyFilter {
        private static final long serialVersionUID = 1L;
    }

    @BeforeEach
    void listen() {
        seen.start();
        log.addAppender(seen);
    }

    @AfterEach
    void listenNoMore() {
        log.detachAppender(seen);
    }

    private List<String> warnings() {
        return seen.list.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private static void filter(ServletContext context, String name, Filter filter, String pattern) {
        FilterRegistration.Dynamic added = context.addFilter(name, filter);
        added.setAsyncSupported(false);
        added.addMappingForUrlPatterns(null, true, pattern);
    }

    @Test
    void filters_before_the_relay_are_named_once() throws Exception {
        try (Webapp webapp = new Webapp((context, relay) -> {
            filter(context, "inherits", new InheritingFilter(), "/v1/*");
            filter(context, "lambda", (request, response, chain) -> chain.doFilter(request, response), "/*");
            filter(context, "elsewhere", new OtherFilter(), "/reports/*");
            Webapp.servlet(context, relay);
        })) {
            webapp.stream();
            webapp.stream();
        }
        assertThat(warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning)
                        .contains("'/*'")
                        .contains("filter 'inherits' (" + InheritingFilter.class.getName() + ")")
                        .contains("filter 'lambda' (")
                        .contains("servlet 'relay' (" + RelayServlet.class.getName() + ")")
                        .contains("<async-supported>true</async-supported>")
                        .doesNotContain("elsewhere"));
    }

    @Test
    void a_servlet_that_lacks_async_support_is_named_alone_and_for_each_mapping() throws Exception {
        try (Webapp webapp = new Webapp((context, relay) -> {
            var servlet = context.addServlet("bare", new RelayServlet(relay));
            servlet.setAsyncSupported(false);
            servlet.addMapping("/one/*", "/two/*");
            var other = context.addServlet("other", new RelayServlet(relay));
            other.setAsyncSupported(true);
            other.addMapping("/three/*");
        })) {
            for (String path : List.of("/one", "/two", "/three", "/two")) {
                try (RawClient client = webapp.client()) {
                    client.head("GET " + path + "/v1/models", "x-api-key: nobody")
                            .readAnswer();
                }
            }
        }
        assertThat(warnings())
                .hasSize(2)
                .allSatisfy(warning ->
                        assertThat(warning).endsWith("of: servlet 'bare' (" + RelayServlet.class.getName() + ")."));
    }

    @Test
    void a_filter_of_the_relay_that_lacks_async_support_is_named_and_those_behind_it_are_not() throws Exception {
        try (Webapp webapp = new Webapp((context, relay) -> {
            filter(context, "relay", new RelayFilter(relay), "/*");
            filter(context, "behind", new OtherFilter(), "/*");
            context.addServlet("host", new HostServlet()).addMapping("/");
        })) {
            webapp.stream();
        }
        assertThat(warnings())
                .singleElement()
                .satisfies(warning ->
                        assertThat(warning).endsWith("of: filter 'relay' (" + RelayFilter.class.getName() + ")."));
    }

    @Test
    void nothing_is_said_where_nothing_is_missing() throws Exception {
        try (Webapp webapp = new Webapp(Webapp::servlet)) {
            webapp.stream();
        }
        assertThat(warnings()).isEmpty();
    }
}
