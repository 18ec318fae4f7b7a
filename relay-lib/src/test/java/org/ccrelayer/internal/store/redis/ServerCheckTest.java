package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerCheckTest {
    private static final RedisTarget TARGET = RedisTarget.of("redis.example:7000", null, null);

    private static void check(String told) {
        new ServerCheck(ServerCheck.parsed(told)).check(TARGET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.2.0", "6.2.11", "7.0.15", "7.2.4", "8.0.0", "10.1.0", "6.10.1"})
    void versions_from_6_2_on_are_taken(String version) {
        assertThatCode(() -> check("# Server\r\nredis_version:" + version + "\r\nrole:master\r\ncluster_enabled:0"))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.0.16", "5.0.14.1", "2.8", "unknown"})
    void older_versions_are_refused(String version) {
        assertThatThrownBy(() -> check("redis_version:" + version))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("REDIS_ADDR: Redis at redis.example:7000 has version " + version
                        + "; the relay needs 6.2 or newer");
    }

    @Test
    void what_may_lose_something_is_not_refused() {
        assertThatCode(() -> check("redis_version:7.0.0\r\naof_enabled:0\r\nmaxmemory_policy:allkeys-lru"))
                .doesNotThrowAnyException();
    }
}
