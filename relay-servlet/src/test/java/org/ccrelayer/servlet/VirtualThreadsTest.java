package org.ccrelayer.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.Filter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ccrelayer.servlet.container.TestContainer;
import org.junit.jupiter.api.Test;

/** The build runs the adapters' tests on virtual threads where Java has them; this says whether it really does. */
class VirtualThreadsTest {
    @Test
    void requests_run_on_the_kind_of_thread_that_this_run_is_about() throws Exception {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        Filter watching = (request, response, chain) -> {
            threads.add(Thread.currentThread());
            chain.doFilter(request, response);
        };
        try (Webapp webapp = new Webapp((context, relay) -> {
            var filter = context.addFilter("watching", watching);
            filter.setAsyncSupported(true);
            filter.addMappingForUrlPatterns(null, false, "/*");
            Webapp.servlet(context, relay);
        })) {
            assertThat(webapp.stream()).contains("message_stop");
        }
        assertThat(threads).isNotEmpty();
        for (Thread thread : threads) {
            assertThat(virtual(thread)).isEqualTo(TestContainer.virtualThreads());
        }
    }

    private static boolean virtual(Thread thread) throws ReflectiveOperationException {
        return Runtime.version().feature() >= 21
                && (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
    }
}
