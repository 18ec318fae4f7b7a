package org.ccrelayer.testkit;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountCredential;
import org.ccrelayer.account.AccountRouting;
import org.ccrelayer.account.AccountTerms;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.AuthHeader;
import org.ccrelayer.account.BearerCredential;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.FederationCredential;
import org.ccrelayer.account.FederationCredential.Assertion;
import org.ccrelayer.account.OAuthCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.apikey.Activation;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyAccess;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.KeyRouting;
import org.ccrelayer.apikey.RateLimit;
import org.ccrelayer.apikey.ServiceRates;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageStore;

/** Records to test with; equal arguments give equal records. Stateless. */
public final class Samples {
    /** A moment with nanoseconds, which a store must keep. */
    public static final Instant START = Instant.parse("2026-11-22T10:00:00.123456789Z");

    private static final URI TOKEN_URL = URI.create("https://tokens.example/o/token/");

    private static final UsageRecord.State[] STATES = {
        UsageRecord.State.FINAL, UsageRecord.State.ESTIMATED, UsageRecord.State.UNKNOWN, UsageRecord.State.VOID
    };

    private Samples() {}

    /** Opens a row and settles it; false where it was settled before. */
    public static boolean book(UsageStore ledger, UsageRecord row) {
        ledger.open(row.in(UsageRecord.State.RESERVED));
        return ledger.settle(row);
    }

    /** An account, created {@code number} seconds after the start. */
    public static Account account(String id, int number) {
        return new Account(
                id,
                "Account \"" + number + "\" – 鍵",
                credential("sk-test-" + id + "-" + number, number),
                URI.create("https://upstream.example/base/" + number),
                1 + number % 100,
                number % 2 == 0,
                number % 3 == 0 ? Set.of() : Set.of("model-a", "model-" + number),
                START.plusSeconds(number),
                new AccountRouting(
                        Set.of("model-z"),
                        Map.of("model-a", "upstream-a"),
                        number,
                        1 + number % 100,
                        Set.of("group-" + number),
                        number % 2 == 1,
                        number % 3 == 0 ? null : "workspace",
                        number % 2 == 0),
                proxy(number),
                tls(number),
                terms(number));
    }

    private static AccountTerms terms(int number) {
        return number % 4 == 0
                ? AccountTerms.NONE
                : new AccountTerms(
                        12_500_000L * number,
                        LocalTime.of(number % 24, 30),
                        number % 2 == 0 ? null : START.plusSeconds(9_000_000 + number),
                        number % 3 == 0,
                        null);
    }

    private static EgressProxy proxy(int number) {
        EgressProxy.Login login = new EgressProxy.Login("user-" + number, Secret.of("proxy-secret-" + number));
        return switch (number % 4) {
            case 1 -> new EgressProxy.HttpConnect("proxy.example", 1 + number, login);
            case 2 -> new EgressProxy.Socks5("[fd00::1]", 1 + number, number % 8 == 2 ? null : login);
            default -> EgressProxy.DIRECT;
        };
    }

    private static TlsPolicy tls(int number) {
        TlsPolicy.KeyMaterial pem = new TlsPolicy.KeyMaterial.Pem(Secret.of("pem-secret-" + number));
        TlsPolicy.KeyMaterial store =
                new TlsPolicy.KeyMaterial.Pkcs12(Secret.of("store-secret-" + number), Secret.of("pw-secret-" + number));
        return number % 3 == 0
                ? TlsPolicy.DEFAULT
                : new TlsPolicy(
                        List.of("TLSv1.3", "TLSv1.2"),
                        List.of("suite-" + number),
                        List.of("group-b", "group-a"),
                        number % 2 == 0 ? pem : null,
                        Set.of("pin-" + number),
                        number % 2 == 0 ? store : pem,
                        number % 2 == 0 ? TlsPolicy.Provider.BC : TlsPolicy.Provider.JDK);
    }

    /** The key of an API-key account. */
    public static Secret apiKey(Account account) {
        return ((ApiKeyCredential) account.credential()).key();
    }

    private static AccountCredential credential(String text, int number) {
        Secret secret = Secret.of(text);
        return switch (number % 6) {
            case 2 -> new BearerCredential(secret, AuthHeader.values()[number / 6 % 2]);
            case 3 -> new OAuthCredential(TOKEN_URL, "client-" + number, secret, null, "read write");
            case 4 -> new OAuthCredential(TOKEN_URL, "client-" + number, null, secret, null);
            case 5 -> federation(number);
            default -> new ApiKeyCredential(secret, AuthHeader.values()[number / 6 % 2]);
        };
    }

    private static FederationCredential federation(int number) {
        boolean odd = number % 12 == 5;
        return new FederationCredential(
                odd ? null : TOKEN_URL,
                "fdrl_" + number,
                "c0ffee00-1111-4222-8333-444444444444",
                "svac_" + number,
                odd ? "wrkspc_" + number : null,
                odd
                        ? new Assertion(Assertion.Place.FILE, "/var/run/token")
                        : new Assertion(Assertion.Place.ENVIRONMENT, "ASSERTION"));
    }

    /** A relay key, created {@code number} seconds after the start. */
    public static ApiKey key(String id, int number) {
        return new ApiKey(
                id,
                "Key " + number,
                hash(id),
                number % 2 == 0,
                number % 3 == 0 ? KeyLimits.NONE : limits(number),
                START.plusSeconds(number),
                number % 4 == 0 ? null : START.plusSeconds(1_000_000 + number),
                activation(number),
                routing(number),
                access(number));
    }

    private static Activation activation(int number) {
        return switch (number % 5) {
            case 0 -> new Activation(number, START.plusSeconds(number));
            case 3 -> new Activation(number, Activation.Unit.HOURS, number % 2 == 0 ? null : START);
            default -> Activation.NONE;
        };
    }

    private static KeyRouting routing(int number) {
        return switch (number % 4) {
            case 1 -> new KeyRouting("account-" + number, null, number % 3 == 0, false);
            case 3 -> new KeyRouting(null, "group-" + number, number % 3 == 0, number % 2 == 0);
            default -> KeyRouting.ANY;
        };
    }

    private static KeyAccess access(int number) {
        return number % 3 == 0
                ? KeyAccess.ALL
                : new KeyAccess(
                        number % 2 == 0 ? Set.of() : Set.of("claude", "service-" + number),
                        number % 4 == 0 ? Set.of("client-" + number) : null,
                        new ServiceRates(Map.of("claude", new BigDecimal("0." + number))));
    }

    private static KeyLimits limits(int number) {
        Budgets.Weekly weekly = new Budgets.Weekly(3L * number, "opus", 1 + number % 7, number % 24);
        BudgetMode mode = BudgetMode.values()[number % 3];
        return new KeyLimits(
                number,
                new RateLimit(number, 10L * number, 20L * number, 30L * number),
                new Budgets(mode, 1_000_000_007L * number, number, weekly, number % 2 == 0 ? null : number % 12),
                Set.of("model-a", "model-" + number),
                Set.of("model-z"));
    }

    /** The hash of the key with that id: 64 hexadecimal digits. */
    public static String hash(String id) {
        String digits = HexFormat.of().formatHex(id.getBytes(StandardCharsets.UTF_8));
        return ("0".repeat(64) + digits).substring(digits.length());
    }

    /** A ledger row of an exchange, begun {@code number} seconds after the start. */
    public static UsageRecord row(String id, String exchangeId, String keyId, int number) {
        return new UsageRecord(
                id,
                exchangeId,
                keyId,
                "account-" + number,
                "model-" + number,
                "family-" + number % 3,
                STATES[number % STATES.length],
                new Tokens(number, 10L + number, 20L + number, 30L + number, (1L << 40) + number),
                number % 5,
                1_000_000_007L * (number + 1),
                500_000_003L * (number + 1) * ((number + 1) % 4),
                11L * number,
                7L * number,
                number % 2 == 1,
                START.plusSeconds(number),
                START.plusSeconds(number + 1),
                START.plusSeconds(number + 3));
    }
}
