package org.ccrelayer.internal.admin;

import io.jsonwebtoken.Claims;
import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.JwtParser;
import io.jsonwebtoken.Jwts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.crypto.Hkdf;

/**
 * Sessions of administrators as signed tokens (JWT, HS256): nothing is kept, so a session ends when its time is over or
 * the JWT secret is changed. Safe for concurrent use.
 */
final class AdminSessions {
    /** How long a session lasts. */
    static final Duration LIFETIME = Duration.ofHours(24);

    private static final String ISSUER = "relay";
    private static final String AUDIENCE = "relay-admin";
    private static final String PURPOSE = "relay/admin/jwt-hs256/v1";
    private static final int KEY_BYTES = 32;
    private static final int LONGEST_TOKEN = 4_096;

    private final SecretKey key;
    private final String username;
    private final InstantSource time;
    private final JwtParser parser;

    /** Sessions of that administrator, signed with a key derived from {@code jwtSecret}. */
    AdminSessions(Secret jwtSecret, String username, InstantSource time) {
        this.key = new SecretKeySpec(Hkdf.derive(jwtSecret.reveal(), PURPOSE, KEY_BYTES), "HmacSHA256");
        this.username = username;
        this.time = time;
        this.parser = Jwts.parser()
                .json(new TokenJson.Parser())
                .sig()
                .clear()
                .add(Jwts.SIG.HS256)
                .and()
                .zip()
                .clear()
                .and()
                .clock(() -> Date.from(time.instant()))
                .requireIssuer(ISSUER)
                .requireAudience(AUDIENCE)
                .requireSubject(username)
                .verifyWith(key)
                .build();
    }

    /** A token for a session that begins now. */
    String begin() {
        Instant now = time.instant();
        return Jwts.builder()
                .json(new TokenJson.Writer())
                .issuer(ISSUER)
                .subject(username)
                .audience()
                .add(AUDIENCE)
                .and()
                .issuedAt(Date.from(now))
                .expiration(Date.from(now.plus(LIFETIME)))
                .signWith(key, Jwts.SIG.HS256)
                .compact();
    }

    /** Whether the token is of a session that lasts. */
    boolean lasts(String token) {
        if (token.length() > LONGEST_TOKEN) {
            return false;
        }
        try {
            Claims claims = parser.parseSignedClaims(token).getPayload();
            return claims.getExpiration() != null;
        } catch (JwtException | IllegalArgumentException e) {
            return false;
        }
    }
}
