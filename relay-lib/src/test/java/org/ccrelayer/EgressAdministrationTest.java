package org.ccrelayer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.account.TlsPolicy.Provider;
import org.ccrelayer.admin.AccountChange;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.admin.RelayAdministration;
import org.ccrelayer.event.PoolState;
import org.ccrelayer.testkit.RelayFixture;
import org.junit.jupiter.api.Test;

/** Roads are checked when an account is saved, and those of the whole relay when it starts. */
class EgressAdministrationTest {
    private static TlsPolicy protocols(Provider provider, String... protocols) {
        return new TlsPolicy(List.of(protocols), List.of(), List.of(), null, Set.of(), null, provider);
    }

    @Test
    void aPolicyThatCannotBeKeptIsRefusedAndNamesTheValue() {
        try (RelayFixture fixture = RelayFixture.over()) {
            RelayAdministration administration = fixture.relay().administration();
            Account account = administration.createAccount(NewAccount.apiKey("a", null, Secret.of("sk-test")));
            for (Provider provider : Provider.values()) {
                assertThatThrownBy(() -> administration.changeAccount(
                                account.id(), AccountChange.ofTls(protocols(provider, "TLSv1.3", "SSLv9"))))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("tls.protocols: " + provider.id() + " does not offer SSLv9");
            }
            assertThatThrownBy(() -> administration.changeAccount(
                            account.id(),
                            AccountChange.ofTls(new TlsPolicy(
                                    List.of(), List.of(), List.of(), null, Set.of("not a pin"), null, Provider.JDK))))
                    .hasMessageContaining("tls.pins: must be");
            assertThat(administration.accounts().get(0).tls()).isEqualTo(TlsPolicy.DEFAULT);
            TlsPolicy good = protocols(Provider.BC, "TLSv1.2");
            administration.changeAccount(account.id(), AccountChange.ofTls(good));
            assertThat(administration.accounts().get(0).tls()).isEqualTo(good);
            assertThat(administration.connections(account.id())).isEqualTo(PoolState.none(account.id()));
        }
    }

    @Test
    void aProxyOfTheJavaApiIsCheckedToo() {
        try (RelayFixture fixture = RelayFixture.over()) {
            RelayAdministration administration = fixture.relay().administration();
            Account account = administration.createAccount(NewAccount.apiKey("a", null, Secret.of("sk-test")));
            assertThatThrownBy(() -> administration.changeAccount(
                            account.id(),
                            AccountChange.ofProxy(new EgressProxy.Socks5("metadata.google.internal", 80, null))))
                    .hasMessageContaining("proxy.host: must not be");
        }
    }

    @Test
    void aRelayWhosePolicyCannotBeKeptDoesNotStart() {
        for (Map.Entry<ConfigKey, String> bad : Map.of(
                        ConfigKey.TLS_PROTOCOLS, "TLSv1.3, TLSv9",
                        ConfigKey.TLS_CIPHER_SUITES, "TLS_NONSENSE",
                        ConfigKey.TLS_PINS, "short",
                        ConfigKey.TLS_TRUST_FILE, "/nowhere/at/all.pem",
                        ConfigKey.TLS_PROVIDER, "OpenSSL")
                .entrySet()) {
            assertThatThrownBy(() -> RelayFixture.over(Map.of(bad.getKey(), bad.getValue())))
                    .isInstanceOf(RelayConfigException.class)
                    .hasMessageContaining(bad.getKey().id());
        }
        RelayFixture.over(Map.of(ConfigKey.TLS_PROTOCOLS, "TLSv1.3, TLSv1.2")).close();
    }
}
