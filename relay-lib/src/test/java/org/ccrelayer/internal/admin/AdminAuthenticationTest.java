package org.ccrelayer.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsonwebtoken.JwtBuilder;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.Keys;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.internal.crypto.Hkdf;
import org.ccrelayer.internal.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Nobody gets past the administration API's door without a session that lasts. */
class AdminAuthenticationTest {
    private final AdminFixture admin = new AdminFixture();

    @AfterEach
    void close() {
        admin.close();
    }

    @TestFactory
    Stream<DynamicTest> everyRouteRefusesEveryWrongCredential() {
        Map<String, Optional<String>> wrong = wrongCredentials();
        List<AdminRoute> guarded =
                admin.api.routes().stream().filter(route -> !route.open()).toList();
        assertThat(guarded).hasSizeGreaterThanOrEqualTo(10);
        return guarded.stream()
                .flatMap(route -> wrong.entrySet().stream()
                        .map(entry -> DynamicTest.dynamicTest(
                                route.method() + " " + route.path() + " refuses " + entry.getKey(),
                                () -> assertRefused(route.method(), route.path(), entry.getValue()))));
    }

    @Test
    void onlyTheLoginIsOpen() {
        assertThat(admin.api.routes().stream().filter(AdminRoute::open))
                .extracting(route -> route.method() + " " + route.path())
                .containsExactly("POST /admin/login");
    }

    @Test
    void strangersDoNotLearnWhichRoutesThereAre() {
        for (String path : List.of("/admin", "/admin/", "/admin/nothing", "/admin/accounts/", "/admin/accounts/a/b")) {
            assertRefused("GET", path, Optional.empty());
        }
        assertRefused("PATCH", "/admin/accounts", Optional.empty());
        assertRefused("GET", "/admin/login", Optional.empty());
    }

    @Test
    void aSessionOpensEveryRoute() {
        Optional<String> session = Optional.of("Bearer " + admin.token());
        for (AdminRoute route : admin.api.routes()) {
            AdminResponse response = admin.send(route.method(), route.path(), session, "{}");
            assertThat(response.status()).as(route.path()).isNotEqualTo(401).isLessThan(500);
        }
        String token = session.get().substring("Bearer ".length());
        assertThat(admin.send("GET", "/admin/status", Optional.of("bearer  " + token), "")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aSessionLastsADay() {
        Optional<String> session = Optional.of("Bearer " + admin.token());
        admin.time.move(Duration.ofHours(24).minusSeconds(1));
        assertThat(admin.send("GET", "/admin/status", session, "").status()).isEqualTo(200);
        admin.time.move(Duration.ofSeconds(2));
        assertRefused("GET", "/admin/status", session);
    }

    @Test
    void aTokenMadeAsTheRelayMakesItIsTaken() {
        String token = forged(builder -> builder).compact();
        assertThat(admin.send("GET", "/admin/status", Optional.of("Bearer " + token), "")
                        .status())
                .as("the forged tokens of the other tests differ from a right one in one thing only")
                .isEqualTo(200);
    }

    @Test
    void aTokenSaysWhatItShouldAndNoMore() {
        String[] parts = admin.token().split("\\.");
        assertThat(decoded(parts[0]))
                .isEqualTo(JsonObject.parse("{\"alg\":\"HS256\"}").toString());
        JsonObject claims = JsonObject.parse(decoded(parts[1]));
        assertThat(claims.names()).containsExactlyInAnyOrder("iss", "sub", "aud", "iat", "exp");
        assertThat(claims.string("sub")).contains("admin");
        assertThat(claims.integer("exp").orElseThrow() - claims.integer("iat").orElseThrow())
                .isEqualTo(86_400);
    }

    @Test
    void anEmptyPasswordIsRefusedAtTheStart() {
        assertThatThrownBy(() -> new AdminLogin("admin", Secret.of(""), Secret.of("x"), admin.time))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ADMIN_PASSWORD");
    }

    private void assertRefused(String method, String path, Optional<String> authorization) {
        AdminResponse response = admin.send(method, path, authorization, "{}");
        assertThat(AdminFixture.error(response, 401, "authentication_error"))
                .contains("POST /admin/login")
                .doesNotContain("ey");
        assertThat(response.headers())
                .containsEntry("x-should-retry", "false")
                .containsEntry("www-authenticate", "Bearer");
    }

    private Map<String, Optional<String>> wrongCredentials() {
        String relayKey =
                admin.administration.createKey(NewKey.named("a key")).secret().reveal();
        String right = admin.token();
        Map<String, String> tokens = new LinkedHashMap<>();
        tokens.put("an empty token", "");
        tokens.put("a relay key", relayKey);
        tokens.put("the password", AdminFixture.PASSWORD);
        tokens.put("an altered payload", altered(right, 1));
        tokens.put("an altered signature", altered(right, 2));
        tokens.put("no signature", right.substring(0, right.lastIndexOf('.') + 1));
        tokens.put("alg none", unsigned());
        tokens.put("another secret", signedWith(Hkdf.derive("other", "relay/admin/jwt-hs256/v1", 32)));
        tokens.put("another purpose's key", signedWith(Hkdf.derive(AdminFixture.JWT_SECRET, "relay/other", 32)));
        tokens.put("the secret itself as key", signedWith(paddedSecret()));
        tokens.put("an expired token", forged(b -> b.expiration(at(-1))).compact());
        tokens.put("no expiry", forged(b -> b.expiration(null)).compact());
        tokens.put("not valid yet", forged(b -> b.notBefore(at(60))).compact());
        tokens.put("another issuer", forged(b -> b.issuer("someone")).compact());
        tokens.put("another subject", forged(b -> b.subject("root")).compact());
        tokens.put(
                "another audience",
                forged(b -> b.audience().clear().add("relay-users").and()).compact());
        tokens.put("HS384 with a right key", otherAlgorithm("HS384", "HmacSHA384"));
        tokens.put("RS256", rs256());
        tokens.put("RS256 named, HMAC made", otherAlgorithm("RS256", "HmacSHA256"));
        tokens.put("a huge token", right + "a".repeat(100_000));
        Map<String, Optional<String>> headers = new LinkedHashMap<>();
        headers.put("no header", Optional.empty());
        headers.put("another scheme", Optional.of("Basic " + right));
        headers.put("no scheme", Optional.of(right));
        tokens.forEach((name, token) -> headers.put(name, Optional.of("Bearer " + token)));
        return headers;
    }

    private JwtBuilder forged(UnaryOperator<JwtBuilder> change) {
        return change.apply(Jwts.builder()
                        .issuer("relay")
                        .subject("admin")
                        .audience()
                        .add("relay-admin")
                        .and()
                        .issuedAt(at(0))
                        .expiration(at(600)))
                .signWith(key(rightKey()), Jwts.SIG.HS256);
    }

    private Date at(int seconds) {
        return Date.from(admin.time.instant().plusSeconds(seconds));
    }

    private static byte[] rightKey() {
        return Hkdf.derive(AdminFixture.JWT_SECRET, "relay/admin/jwt-hs256/v1", 32);
    }

    private static SecretKey key(byte[] bytes) {
        return Keys.hmacShaKeyFor(bytes);
    }

    private String signedWith(byte[] key) {
        return forged(builder -> builder).signWith(key(key), Jwts.SIG.HS256).compact();
    }

    private static byte[] paddedSecret() {
        return Arrays.copyOf(AdminFixture.JWT_SECRET.getBytes(StandardCharsets.UTF_8), 32);
    }

    private String unsigned() {
        return encoded("{\"alg\":\"none\"}") + "." + forged(b -> b).compact().split("\\.")[1] + ".";
    }

    private String rs256() {
        KeyPair pair = Jwts.SIG.RS256.keyPair().build();
        return forged(builder -> builder)
                .signWith(pair.getPrivate(), Jwts.SIG.RS256)
                .compact();
    }

    /** A token whose MAC is right for the right key, under another algorithm's name. */
    private String otherAlgorithm(String name, String mac) {
        String signed = encoded("{\"alg\":\"" + name + "\"}") + "."
                + forged(b -> b).compact().split("\\.")[1];
        try {
            Mac hmac = Mac.getInstance(mac);
            hmac.init(new SecretKeySpec(rightKey(), mac));
            byte[] signature = hmac.doFinal(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String altered(String token, int part) {
        String[] parts = token.split("\\.");
        char first = parts[part].charAt(4);
        parts[part] = parts[part].substring(0, 4) + (first == 'A' ? 'B' : 'A') + parts[part].substring(5);
        return String.join(".", parts);
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    }
}
