package org.ccrelayer.internal.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.json.JsonObject;

/** Lets the administrator in: compares name and password in constant time, throttled. Safe for concurrent use. */
public final class AdminLogin {
    private final String username;
    private final Secret password;
    private final AdminSessions sessions;
    private final LoginThrottle throttle;

    /**
     * The login of the one administrator.
     *
     * @throws IllegalArgumentException if the password is empty, which would let everybody in
     */
    public AdminLogin(String username, Secret password, Secret jwtSecret, InstantSource time) {
        if (password.isEmpty()) {
            throw new IllegalArgumentException("ADMIN_PASSWORD: must not be empty");
        }
        this.username = username;
        this.password = password;
        this.sessions = new AdminSessions(jwtSecret, username, time);
        this.throttle = new LoginThrottle(time);
    }

    /** Whether the request carries the token of a session that lasts. */
    boolean authenticated(AdminRequest request) {
        return request.authorization()
                .filter(header -> header.regionMatches(true, 0, "Bearer ", 0, 7))
                .map(header -> header.substring(7).strip())
                .filter(sessions::lasts)
                .isPresent();
    }

    /** The way in, open to everybody. */
    AdminResponse login(AdminRequest request) {
        BodyFields fields = BodyFields.of(request.body(), "username", "password");
        Optional<String> name = fields.required("username", fields.string("username"));
        Optional<String> word = fields.required("password", fields.string("password"));
        fields.refuse();
        Optional<Duration> wait = throttle.begin(request.remoteAddress());
        if (wait.isPresent()) {
            return AdminResponse.throttled(wait.get());
        }
        // Both are always compared, so that the time tells nothing about either.
        boolean right = same(name.orElseThrow(), username) & same(word.orElseThrow(), password.reveal());
        if (!right) {
            return AdminResponse.unauthenticated("The user name or the password is wrong.");
        }
        throttle.succeeded(request.remoteAddress());
        return AdminResponse.ok(JsonObject.empty()
                .with("token", sessions.begin())
                .with("expiresIn", AdminSessions.LIFETIME.toSeconds()));
    }

    private static boolean same(String given, String wanted) {
        return MessageDigest.isEqual(hash(given), hash(wanted));
    }

    private static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
