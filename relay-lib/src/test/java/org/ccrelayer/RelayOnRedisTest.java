package org.ccrelayer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.testkit.RedisPeer;
import org.junit.jupiter.api.Test;

/** A relay whose configuration names a Redis. */
class RelayOnRedisTest {
    private static RelayConfigBuilder config(String address) {
        return RelayConfig.builder()
                .set(ConfigKey.ENCRYPTION_KEY, "kH3vQ9-a-long-enough-key-for-a-test-42")
                .set(ConfigKey.REDIS_ADDR, address);
    }

    @Test
    void relays_on_one_redis_know_the_same_relay_keys() throws IOException {
        try (RedisPeer peer = RedisPeer.start();
                Relay one = Relay.start(config(peer.address()).build());
                Relay another = Relay.start(config(peer.address()).build())) {
            one.administration().createKey(NewKey.named("Shared"));
            assertThat(another.administration().keys()).extracting(ApiKey::name).containsExactly("Shared");
        }
    }

    @Test
    void it_does_not_start_where_none_answers() throws IOException {
        String address;
        try (RedisPeer peer = RedisPeer.start()) {
            address = peer.address();
        }
        RelayConfig config = config(address).build();
        assertThatThrownBy(() -> Relay.start(config))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("REDIS_ADDR: no Redis answers at " + address);
    }

    @Test
    void an_address_that_is_none_is_told_by_its_name() {
        RelayConfig config = config("redis://:canary-password@").build();
        assertThatThrownBy(() -> Relay.start(config))
                .isInstanceOf(RelayConfigException.class)
                .hasMessageContaining("REDIS_ADDR: must be host:port")
                .hasMessageNotContaining("canary");
    }
}
