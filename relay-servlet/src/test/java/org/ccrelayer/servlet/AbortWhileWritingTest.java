package org.ccrelayer.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.ccrelayer.http.ClientRequest;
import org.ccrelayer.http.ClientResponse;
import org.ccrelayer.servlet.container.TestContainer;
import org.ccrelayer.testkit.RawClient;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

/** An answer may be broken off while its client does not take what was written: nothing may wait for that client then. */
class AbortWhileWritingTest {
    private static final int MORE_THAN_FITS_ON_THE_WAY = 32 * 1024 * 1024;

    private static final TestContainer.Terms SHORT = TestContainer.Terms.patience(Duration.ofSeconds(2));

    private final CompletableFuture<ClientResponse> writing = new CompletableFuture<>();
    private final CompletableFuture<Throwable> told = new CompletableFuture<>();

    private void answer(ClientRequest request, ClientResponse response) {
        response.head(200, HttpFields.EMPTY);
        response.write(
                false,
                ByteBuffer.wrap(new byte[MORE_THAN_FITS_ON_THE_WAY]),
                Callback.from(() -> told.complete(new IOException("it was written")), told::complete));
        writing.complete(response);
    }

    @Test
    void a_write_that_is_pending_fails_when_its_answer_is_broken_off() throws Exception {
        HttpServlet servlet = new HttpServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response)
                    throws ServletException, IOException {
                BufferingWatch watch = new BufferingWatch((where, problem) -> {}, Registration.of(getServletConfig()));
                Doorway doorway = new Doorway(AbortWhileWritingTest.this::answer, watch, true);
                doorway.serve(request, response, Mount.ofServlet(request));
            }
        };
        try (TestContainer container = TestContainer.start("", SHORT, context -> {
                    var added = context.addServlet("writing", servlet);
                    added.setAsyncSupported(true);
                    added.addMapping("/*");
                });
                RawClient client = new RawClient(container.port())) {
            RawClient.Head head = client.head("GET /v1/x").readHead();
            IOException reason = new IOException("the upstream broke");
            writing.get(20, TimeUnit.SECONDS).abort(reason);
            assertThat(told.get(20, TimeUnit.SECONDS)).isNotNull();
            assertThat(client.readToBreak(head)).hasSizeLessThan(MORE_THAN_FITS_ON_THE_WAY);
        }
    }
}
