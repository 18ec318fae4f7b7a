package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.upstream.TestAuthority;
import org.ccrelayer.testkit.Canary;
import org.ccrelayer.testkit.RedisPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS and users. */
class RedisLoginTest {
    private static final LinkTerms NO_WAITING =
            new LinkTerms(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ZERO);

    @TempDir
    private Path folder;

    private RedisPeer peer;

    @BeforeEach
    void startRedis() throws IOException {
        peer = RedisPeer.start();
    }

    @AfterEach
    void stopRedis() throws IOException {
        peer.close();
    }

    private static String set(RedisTarget target) {
        try (RedisLink link = RedisLink.open(target, NO_WAITING, InstantSource.system())) {
            return link.call(redis -> redis.set("relay:x", "1"));
        }
    }

    private Path trusting(TestAuthority authority) throws Exception {
        String certificate = Base64.getMimeEncoder()
                .encodeToString(authority.identity("any").issuer().getEncoded());
        return Files.writeString(
                folder.resolve("trusted.pem"),
                "-----BEGIN CERTIFICATE-----\n" + certificate + "\n-----END CERTIFICATE-----\n");
    }

    private static RedisTarget tls(Between road) {
        return RedisTarget.of("rediss://localhost:" + road.port(), null, null);
    }

    @Test
    void a_certificate_that_is_trusted_and_of_the_right_name_will_do() throws Exception {
        TestAuthority authority = TestAuthority.create();
        try (Between road = Between.tls(peer.port(), authority.identity("localhost"))) {
            assertThat(set(tls(road).trusting(trusting(authority)))).isEqualTo("OK");
        }
    }

    @Test
    void a_certificate_of_another_name_or_authority_is_refused() throws Exception {
        TestAuthority authority = TestAuthority.create();
        Path trusted = trusting(authority);
        try (Between road = Between.tls(peer.port(), authority.identity("elsewhere.example"))) {
            assertThatThrownBy(() -> set(tls(road).trusting(trusted))).isInstanceOf(IllegalStateException.class);
        }
        try (Between road = Between.tls(peer.port(), TestAuthority.create().identity("localhost"))) {
            assertThatThrownBy(() -> set(tls(road).trusting(trusted))).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> set(tls(road)))
                    .as("the platform knows none of the two")
                    .isInstanceOf(IllegalStateException.class);
        }
        assertThat(peer.ask("EXISTS", "relay:x")).isEqualTo("0");
    }

    @Test
    void a_file_of_trust_is_looked_at_and_of_no_use_without_tls() throws Exception {
        RedisTarget target = RedisTarget.of("rediss://localhost", null, null);
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");
        assertThatThrownBy(() -> target.trusting(empty)).hasMessageStartingWith("REDIS_TRUST_FILE: ");
        assertThatThrownBy(() -> target.trusting(folder.resolve("none"))).hasMessageStartingWith("REDIS_TRUST_FILE: ");
        Path trusted = trusting(TestAuthority.create());
        assertThatThrownBy(() -> RedisTarget.of(peer.address(), null, null).trusting(trusted))
                .hasMessageContaining("rediss://");
    }

    @Test
    void a_user_with_rights_to_the_relays_keys_is_enough() {
        String password = Canary.ENCRYPTION_KEY.text();
        peer.ask("ACL", "SETUSER", "gate", "on", ">" + password, "~relay:*", "+@all", "-@dangerous", "+info");
        String address = "redis://gate@" + peer.address();
        assertThat(set(RedisTarget.of(address, Secret.of(password), null))).isEqualTo("OK");
        RedisTarget wrong = RedisTarget.of(address, Secret.of(Canary.PROXY_PASSWORD.text()), null);
        assertThatThrownBy(() -> set(wrong))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("check REDIS_PASSWORD")
                .hasMessageNotContaining(Canary.PROXY_PASSWORD.text());
    }
}
