package org.ccrelayer.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountStatus;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.crypto.KeyHash;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.internal.network.EndpointGuard;
import org.ccrelayer.internal.store.embedded.EmbeddedStore;
import org.ccrelayer.internal.store.embedded.StoreTime;
import org.ccrelayer.testkit.Canaries;
import org.ccrelayer.testkit.Canary;
import org.ccrelayer.testkit.MovedClock;
import org.ccrelayer.testkit.Samples;

/** An administration API over a store in memory, and an administrator who uses it. */
final class AdminFixture implements AutoCloseable {
    static final String PASSWORD = Canary.ADMIN_PASSWORD.text();
    static final String JWT_SECRET = Canary.JWT_SECRET.text();
    static final String PEPPER = Canary.ENCRYPTION_KEY.text();

    final MovedClock time = new MovedClock(Instant.parse("2026-11-22T10:00:00Z"));
    final EmbeddedStore store = EmbeddedStore.inMemory(StoreTime.utc(InstantSource.fixed(Samples.START)));
    final KeyHash keyHash = new KeyHash(Secret.of(PEPPER));
    final EndpointGuard guard = new EndpointGuard(false);
    final KeyRules keyRules = new KeyRules(() -> Set.of("haiku", "opus", "sonnet"));
    Function<Account, CompletionStage<?>> refreshing = account -> CompletableFuture.completedStage(null);
    AccountStatus status = AccountStatus.NEW;
    final StoreAdministration administration = new StoreAdministration(
            store,
            keyHash,
            time,
            new StoreAdministration.Terms("cr_", ZoneOffset.UTC, guard, keyRules),
            id -> status,
            account -> refreshing.apply(account));
    final Degradations degradations = new Degradations(time);
    final AdminApi api = new AdminApi(
            administration,
            guard,
            keyRules,
            store::healthy,
            () -> Map.of("cooling", 3L),
            degradations::all,
            new AdminLogin("admin", Secret.of(PASSWORD), Secret.of(JWT_SECRET), time),
            time);

    AdminResponse send(String method, String path, Optional<String> authorization, String body) {
        return sendFrom("192.0.2.1", method, path, authorization, body);
    }

    /** Sends a request to a path, which may have a query behind it. */
    AdminResponse sendFrom(String address, String method, String target, Optional<String> authorization, String body) {
        String[] parts = target.split("\\?", 2);
        String query = parts.length < 2 ? "" : parts[1];
        AdminResponse response = api.handle(new AdminRequest(
                method, parts[0], query, authorization, body.getBytes(StandardCharsets.UTF_8), address));
        assertThat(Canaries.secretIn(Canaries.rememberIssued(text(response)))).isEmpty();
        return response;
    }

    AdminResponse login(String address, String username, String password) {
        String body = JsonObject.empty()
                .with("username", username)
                .with("password", password)
                .toString();
        return sendFrom(address, "POST", "/admin/login", Optional.empty(), body);
    }

    /** A token for a new session. */
    String token() {
        return object(login("192.0.2.1", "admin", PASSWORD)).string("token").orElseThrow();
    }

    AdminResponse asAdmin(String method, String path, String body) {
        return send(method, path, Optional.of("Bearer " + token()), body);
    }

    static JsonObject object(AdminResponse response) {
        return JsonObject.parse(response.body());
    }

    static List<JsonObject> list(AdminResponse response) {
        return JsonObject.parse("{\"list\":" + text(response) + "}").objects("list");
    }

    static String text(AdminResponse response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    /** The message of an error that was answered with that status and type. */
    static String error(AdminResponse response, int status, String type) {
        assertThat(response.status()).isEqualTo(status);
        assertThat(object(response).string("type")).contains("error");
        JsonObject error = object(response).object("error").orElseThrow();
        assertThat(error.string("type")).contains(type);
        return error.string("message").orElseThrow();
    }

    @Override
    public void close() {
        store.close();
    }
}
