package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import org.ccrelayer.account.Secret;
import org.ccrelayer.testkit.Canary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisTargetTest {
    private static final String PASSWORD = Canary.PROXY_PASSWORD.text();

    private static RedisCredentials credentials(RedisTarget target) {
        return target.uri().getCredentialsProvider().resolveCredentials().block();
    }

    @Test
    void a_host_with_and_without_a_port_is_a_server() {
        assertThat(RedisTarget.of("redis.example:7000", null, null)).hasToString("redis.example:7000");
        assertThat(RedisTarget.of("redis.example", null, null)).hasToString("redis.example:6379");
        assertThat(RedisTarget.of("[::1]:7000", null, 5).uri())
                .returns("::1", RedisURI::getHost)
                .returns(7000, RedisURI::getPort)
                .returns(5, RedisURI::getDatabase)
                .returns(false, RedisURI::isSsl);
    }

    @Test
    void a_uri_says_everything() {
        RedisTarget target = RedisTarget.of("rediss://ann:" + PASSWORD + "@redis.example:7000/4", null, null);
        assertThat(target.uri())
                .returns(true, RedisURI::isSsl)
                .returns(true, RedisURI::isVerifyPeer)
                .returns(4, RedisURI::getDatabase);
        assertThat(credentials(target).getUsername()).isEqualTo("ann");
        assertThat(new String(credentials(target).getPassword())).isEqualTo(PASSWORD);
        assertThat(target).hasToString("redis.example:7000");
    }

    @Test
    void sentinels_are_named_with_their_master() {
        RedisTarget target = RedisTarget.of(
                "redis-sentinel://one.example:26379,two.example:26380/2#main", Secret.of(PASSWORD), null);
        assertThat(target.uri().getSentinelMasterId()).isEqualTo("main");
        assertThat(new String(credentials(target).getPassword())).isEqualTo(PASSWORD);
        assertThat(target).hasToString("Sentinels one.example:26379,two.example:26380");
    }

    @Test
    void a_password_of_its_own_goes_with_the_users_name() {
        RedisTarget plain = RedisTarget.of("redis.example", Secret.of(PASSWORD), null);
        assertThat(new String(credentials(plain).getPassword())).isEqualTo(PASSWORD);
        assertThat(credentials(plain).hasUsername()).isFalse();
        RedisTarget ann = RedisTarget.of("redis://ann@redis_1:7000", Secret.of(PASSWORD), null);
        assertThat(credentials(ann).getUsername()).isEqualTo("ann");
        assertThat(new String(credentials(ann).getPassword())).isEqualTo(PASSWORD);
        assertThat(ann).hasToString("redis_1:7000");
    }

    @Test
    void a_password_is_given_once() {
        assertThatThrownBy(() -> RedisTarget.of("redis://:" + PASSWORD + "@redis.example", Secret.of(PASSWORD), null))
                .hasMessage("REDIS_PASSWORD: REDIS_ADDR holds a password too; give it once");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":6379",
                "host:",
                "host:0",
                "host:65536",
                "host:port",
                "host:1:2",
                "a host",
                "user:PASSWORD@host:6379",
                "http://PASSWORD@host",
                "redis://",
                "redis-sentinel://",
                "redis://:PASSWORD@host:port",
                "redis-socket:///PASSWORD",
                "redis://:PASSWORD@[host",
                "redis-sentinel://one.example:26379,two:x#main"
            })
    void what_names_no_server_is_refused_without_being_repeated(String address) {
        assertThatThrownBy(() -> RedisTarget.of(address.replace("PASSWORD", PASSWORD), null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("REDIS_ADDR: must be host:port")
                .hasNoCause()
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(PASSWORD));
    }

    @Test
    void a_database_has_a_number() {
        assertThatThrownBy(() -> RedisTarget.of("host", null, -1)).hasMessage("REDIS_DB: must be zero or more");
    }
}
