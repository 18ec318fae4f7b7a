package org.ccrelayer.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.ccrelayer.account.OAuthCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.InMemoryRequest;
import org.ccrelayer.testkit.RelayFixture;
import org.ccrelayer.testkit.TokenPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A request that waits for a token ends with its client, and others go on waiting. */
@Timeout(60)
class TokenWaitTest {
    private static final byte[] BODY =
            "{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                    .getBytes(StandardCharsets.UTF_8);

    private final RelayFixture fixture = RelayFixture.over();
    private SimulatedClaude upstream;
    private TokenPeer peer;

    @BeforeEach
    void start() throws Exception {
        upstream = SimulatedClaude.start();
        peer = TokenPeer.start();
        fixture.relay()
                .administration()
                .createAccount(new NewAccount(
                        "tokens",
                        new OAuthCredential(peer.uri(), "client", null, Secret.of(TokenPeer.FIRST), null),
                        upstream.uri().toString(),
                        null,
                        true,
                        Set.of()));
    }

    @AfterEach
    void stop() {
        peer.close();
        fixture.close();
        upstream.close();
    }

    private InMemoryRequest ask() {
        InMemoryRequest request = InMemoryRequest.post("/v1/messages")
                .header("x-api-key", fixture.key())
                .header("anthropic-version", "2023-06-01");
        HeldResponse response = new HeldResponse();
        response.flow();
        fixture.relay().handle(request, response);
        request.body(BODY);
        return request;
    }

    @Test
    void whoseClientGoesNoLongerWaits() {
        peer.enqueue(TokenPeer.stalls(TokenPeer.grants()));
        InMemoryRequest leaving = ask();
        ask();
        peer.await(1);
        leaving.clientGone(new EOFException("the client is gone"));
        RequestSummary gone = fixture.listener().await(1);
        assertThat(gone.outcome()).isEqualTo(Outcome.CLIENT_GONE);
        assertThat(gone.attempts()).isEmpty();
        assertThat(upstream.requestCount()).isZero();
        peer.release();
        assertThat(fixture.listener().await(2).outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(upstream.requestCount()).isEqualTo(1);
        assertThat(List.copyOf(peer.calls())).hasSize(1);
    }
}
