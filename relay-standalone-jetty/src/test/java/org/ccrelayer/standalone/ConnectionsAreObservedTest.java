package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ccrelayer.Relay;
import org.ccrelayer.RelayConfig;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.admin.AccountChange;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.event.PoolState;
import org.ccrelayer.event.RelayListener;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RelayFixture;
import org.ccrelayer.testkit.Wait;
import org.junit.jupiter.api.Test;

/** A listener is told of connections, and one provider of TLS is there only with its jars. */
class ConnectionsAreObservedTest {
    @Test
    void aListenerIsToldOfConnectionsWithoutAsking() throws Exception {
        List<PoolState> told = new CopyOnWriteArrayList<>();
        RelayListener listener = new RelayListener() {
            @Override
            public void exchangeEnded(RequestSummary summary) {
                throw new IllegalStateException("a listener that fails");
            }

            @Override
            public void poolsObserved(List<PoolState> pools) {
                told.addAll(pools);
            }
        };
        RelayConfig config = RelayFixture.config(java.util.Map.of());
        Relay relay = Relay.builder(config).inMemory().listener(listener).start();
        try (SimulatedClaude upstream = SimulatedClaude.start();
                RelayServer server = RelayServer.start(config, relay)) {
            Account account = relay.administration()
                    .createAccount(NewAccount.apiKey("a", upstream.uri().toString(), Secret.of("sk-test")));
            String key =
                    relay.administration().createKey(NewKey.named("k")).secret().reveal();
            try (RawClient client = new RawClient(server.port())) {
                client.post("/v1/messages", key, StandaloneRelay.message()).readAnswer();
            }
            Wait.until("the connection to be told", () -> !told.isEmpty());
            assertThat(told.get(0)).isEqualTo(new PoolState(account.id(), 1, 0, 0));
        }
    }

    @Test
    void bouncyCastleIsRefusedByNameWhereItsJarsAreMissing() {
        try (RelayFixture fixture = RelayFixture.over()) {
            Account account =
                    fixture.relay().administration().createAccount(NewAccount.apiKey("a", null, Secret.of("sk-test")));
            TlsPolicy policy =
                    new TlsPolicy(List.of(), List.of(), List.of(), null, Set.of(), null, TlsPolicy.Provider.BC);
            assertThatThrownBy(() ->
                            fixture.relay().administration().changeAccount(account.id(), AccountChange.ofTls(policy)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("tls.provider: BC needs the jars of org.bouncycastle:bctls-jdk18on");
        }
    }
}
