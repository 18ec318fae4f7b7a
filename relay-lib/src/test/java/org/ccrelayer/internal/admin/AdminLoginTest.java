package org.ccrelayer.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Getting in, and being slowed when guessing. */
class AdminLoginTest {
    private final AdminFixture admin = new AdminFixture();

    @AfterEach
    void close() {
        admin.close();
    }

    @Test
    void theRightPasswordGivesATokenForADay() {
        AdminResponse response = admin.login("192.0.2.1", "admin", AdminFixture.PASSWORD);
        assertThat(response.status()).isEqualTo(200);
        assertThat(AdminFixture.object(response).names()).containsExactly("token", "expiresIn");
        assertThat(AdminFixture.object(response).integer("expiresIn")).contains(86_400L);
        assertThat(response.headers()).containsEntry("cache-control", "no-store");
    }

    @Test
    void aWrongNameAndAWrongPasswordAreToldTheSame() {
        AdminResponse wrongName = admin.login("192.0.2.1", "root", AdminFixture.PASSWORD);
        AdminResponse wrongPassword = admin.login("192.0.2.1", "admin", "guess");
        AdminFixture.error(wrongName, 401, "authentication_error");
        assertThat(wrongName.status()).isEqualTo(wrongPassword.status());
        assertThat(wrongName.body()).isEqualTo(wrongPassword.body());
        assertThat(wrongName.headers()).isEqualTo(wrongPassword.headers()).containsEntry("x-should-retry", "false");
        for (String close : List.of("", "Admin", "admin ", AdminFixture.PASSWORD + " ")) {
            assertThat(admin.login("192.0.2.9", close, AdminFixture.PASSWORD).status())
                    .isEqualTo(401);
        }
    }

    @Test
    void theSixthAttemptOfAMinuteIsRefusedEvenWithTheRightPassword() {
        fail("192.0.2.1", 5);
        AdminResponse refused = admin.login("192.0.2.1", "admin", AdminFixture.PASSWORD);
        AdminFixture.error(refused, 429, "rate_limit_error");
        assertThat(refused.headers()).containsEntry("retry-after", "60");
        admin.time.move(Duration.ofMillis(59_001));
        assertThat(admin.login("192.0.2.1", "admin", AdminFixture.PASSWORD).headers())
                .containsEntry("retry-after", "1");
        admin.time.move(Duration.ofSeconds(1));
        assertThat(admin.login("192.0.2.1", "admin", AdminFixture.PASSWORD).status())
                .isEqualTo(200);
    }

    @Test
    void anotherAddressIsNotSlowedByIt() {
        fail("192.0.2.1", 5);
        assertThat(admin.login("192.0.2.2", "admin", AdminFixture.PASSWORD).status())
                .isEqualTo(200);
    }

    @Test
    void successForgetsTheFailuresOfTheAddress() {
        for (int round = 0; round < 5; round++) {
            fail("192.0.2.1", 4);
            assertThat(admin.login("192.0.2.1", "admin", AdminFixture.PASSWORD).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void fiftyFailuresFromEverywhereCloseTheDoorForAMinute() {
        for (int address = 0; address < 50; address++) {
            fail("192.0.2." + address, 1);
        }
        AdminResponse refused = admin.login("198.51.100.1", "admin", AdminFixture.PASSWORD);
        AdminFixture.error(refused, 429, "rate_limit_error");
        admin.time.move(Duration.ofMinutes(1));
        assertThat(admin.login("198.51.100.1", "admin", AdminFixture.PASSWORD).status())
                .isEqualTo(200);
    }

    @Test
    void guessesMadeAtOnceDoNotSlipThroughTogether() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(16);
        try {
            List<Callable<Integer>> guesses = Stream.<Callable<Integer>>generate(() ->
                            () -> admin.login("192.0.2.1", "admin", "guess").status())
                    .limit(200)
                    .toList();
            int compared = 0;
            for (Future<Integer> status : pool.invokeAll(guesses)) {
                compared += status.get() == 401 ? 1 : 0;
            }
            assertThat(compared).isEqualTo(5);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void theMemoryOfAddressesIsBounded() {
        LoginThrottle throttle = new LoginThrottle(admin.time);
        for (int address = 0; address < 30_000; address++) {
            throttle.begin("address " + address);
            if (address % 40 == 0) {
                admin.time.move(LoginThrottle.WINDOW);
            }
        }
        assertThat(throttle.addresses()).isEqualTo(LoginThrottle.MOST_ADDRESSES);
    }

    @Test
    void aBodyThatIsNoLoginIsRefusedAndNotCounted() {
        for (int attempt = 0; attempt < 10; attempt++) {
            AdminResponse response = admin.send("POST", "/admin/login", Optional.empty(), "{\"user\":\"admin\"}");
            assertThat(AdminFixture.error(response, 400, "invalid_request_error"))
                    .contains("user: is unknown, did you mean username?")
                    .contains("username: is required")
                    .contains("password: is required");
        }
        assertThat(admin.login("192.0.2.1", "admin", AdminFixture.PASSWORD).status())
                .isEqualTo(200);
    }

    @Test
    void requestsAndAnswersPrintNoSecret() {
        AdminResponse response = admin.login("192.0.2.1", "admin", AdminFixture.PASSWORD);
        assertThat(response.toString()).isEqualTo("AdminResponse[200]");
        AdminRequest request = new AdminRequest(
                "GET", "/admin/usage", "key=id-1", Optional.of("Bearer x.y.z"), new byte[0], "192.0.2.1");
        assertThat(request.toString()).isEqualTo("AdminRequest[GET /admin/usage from 192.0.2.1]");
    }

    private void fail(String address, int times) {
        for (int attempt = 0; attempt < times; attempt++) {
            assertThat(admin.login(address, "admin", "guess " + attempt).status())
                    .isEqualTo(401);
        }
    }
}
