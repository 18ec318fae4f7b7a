package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountCredential;
import org.ccrelayer.account.AccountRouting;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.BearerCredential;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.OAuthCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.account.TlsPolicy.KeyMaterial;
import org.ccrelayer.admin.AccountChange;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.Canaries;
import org.ccrelayer.testkit.Canary;
import org.ccrelayer.testkit.CanaryWatch;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A relay on a directory is used for everything that it can do, and nothing of what it was told stands in its files. */
@Timeout(60)
class NoSecretOnDiskTest {
    private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");
    private static final URI NOWHERE = URI.create("http://127.0.0.1:1/nowhere");

    @TempDir
    private Path directory;

    private SimulatedClaude upstream;
    private StandaloneRelay relay;

    @BeforeEach
    void start() {
        upstream = SimulatedClaude.start();
        relay = StandaloneRelay.on(directory);
        relay.account(upstream.uri());
    }

    @AfterEach
    void stop() {
        relay.server().close();
        upstream.close();
    }

    private static Secret secret(Canary canary, int number) {
        return Secret.of(canary.text(number));
    }

    private static EgressProxy.Login login(int number) {
        return new EgressProxy.Login("user", secret(Canary.PROXY_PASSWORD, number));
    }

    private static Account account(int number, AccountCredential credential, EgressProxy proxy, TlsPolicy tls) {
        return new Account(
                "account-with-secrets-" + number,
                "account " + number,
                credential,
                NOWHERE,
                100,
                false,
                Set.of(),
                Instant.EPOCH,
                AccountRouting.DEFAULT,
                proxy,
                tls);
    }

    /** An account of each kind that holds a secret of its own. They serve nobody. */
    private static List<Account> accounts() {
        EgressProxy http = new EgressProxy.HttpConnect("127.0.0.1", 1, login(1));
        EgressProxy socks = new EgressProxy.Socks5("127.0.0.1", 1, login(2));
        TlsPolicy pem = tls(new KeyMaterial.Pem(secret(Canary.KEY_MATERIAL, 1)));
        TlsPolicy pkcs12 = tls(new KeyMaterial.Pkcs12(secret(Canary.KEY_MATERIAL, 2), secret(Canary.KEY_MATERIAL, 3)));
        OAuthCredential oauth = new OAuthCredential(
                NOWHERE, "client", secret(Canary.CLIENT_SECRET, 1), secret(Canary.REFRESH_TOKEN, 1), null);
        return List.of(
                account(1, new ApiKeyCredential(secret(Canary.UPSTREAM_KEY, 70)), http, TlsPolicy.DEFAULT),
                account(2, new BearerCredential(secret(Canary.BEARER_TOKEN, 1)), socks, TlsPolicy.DEFAULT),
                account(3, oauth, EgressProxy.DIRECT, pem),
                account(4, new BearerCredential(secret(Canary.BEARER_TOKEN, 2)), http, pkcs12));
    }

    private static TlsPolicy tls(KeyMaterial clientKey) {
        return new TlsPolicy(List.of(), List.of(), List.of(), null, Set.of(), clientKey, TlsPolicy.Provider.JDK);
    }

    private void administer() {
        accounts().forEach(relay.store().accounts()::create);
        var administration = relay.relay().administration();
        for (int number = 71; number < 75; number++) {
            NewAccount wanted = NewAccount.apiKey("made", NOWHERE.toString(), secret(Canary.UPSTREAM_KEY, number));
            String id = administration.createAccount(wanted).id();
            administration.toggleAccount(id);
            administration.changeAccount(
                    id, AccountChange.ofCredential(old -> new ApiKeyCredential(secret(Canary.UPSTREAM_KEY, 75))));
            administration.changeAccount(
                    id, AccountChange.ofProxy(new EgressProxy.HttpConnect("127.0.0.1", 1, login(3))));
            if (number % 2 == 0) {
                administration.deleteAccount(id);
            }
        }
    }

    private String admin(String requestLine, String session, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        try (RawClient client = relay.client()) {
            return client.head(requestLine, "authorization: Bearer " + session, "content-length: " + bytes.length)
                    .send(bytes)
                    .readAnswer()
                    .text();
        }
    }

    private void administerOverHttp() throws IOException {
        String password = "{\"username\":\"admin\",\"password\":\"" + Canary.ADMIN_PASSWORD.text();
        Matcher token = TOKEN.matcher(admin("POST /admin/login", "none", password + "\"}"));
        assertThat(token.find()).isTrue();
        String session = token.group(1);
        admin("POST /admin/login", session, password + "-wrong\"}");
        String account = "{\"name\":\"over http\",\"kind\":\"api-key\",\"baseUrl\":\"http://127.0.0.1:1\","
                + "\"schedulable\":false,\"apiKey\":\"" + Canary.UPSTREAM_KEY.text(80) + "\"";
        assertThat(admin("POST /admin/accounts", session, account + "}")).contains("over http");
        admin("POST /admin/accounts", session, account + ",\"apikey\":\"" + Canary.UPSTREAM_KEY.text(81) + "\"}");
        admin("POST /admin/accounts", session, account + ",}");
        admin("POST /admin/accounts", session, account.replace("api-key", Canary.UPSTREAM_KEY.text(82)) + "}");
        admin("GET /admin/accounts/" + Canary.UPSTREAM_KEY.text(83), session, "");
        assertThat(admin("POST /admin/keys", session, "{\"name\":\"issued\"}")).contains("\"key\":\"cr_");
        assertThat(admin("GET /admin/accounts", session, "")).contains("over http");
    }

    private static Script error(int status, String quoted) {
        String body =
                "{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"so much for " + quoted + "\"}}";
        return Script.raw(status, "application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    private void converse() throws IOException {
        String session = "x-claude-code-session-id: 0b8e5c1a-1111-4222-8333-444444444444";
        upstream.enqueue(Script.text(Canary.ANSWER.text() + " and more"));
        assertThat(relay.post(StandaloneRelay.message(), session).text()).contains(Canary.ANSWER.text());
        upstream.enqueue(Script.answer().deltaText(Canary.ANSWER.text()));
        assertThat(relay.post(StandaloneRelay.stream(), session).text()).contains(Canary.ANSWER.text());
        upstream.enqueue(Script.answer()
                .deltaText(Canary.ANSWER.text())
                .trickle(Duration.ofMillis(1))
                .errorEventAfter(4, "overloaded_error"));
        relay.post(StandaloneRelay.stream(), session);
        upstream.enqueue(error(400, Canary.PROMPT.text()));
        assertThat(relay.post(StandaloneRelay.message()).text()).contains(Canary.PROMPT.text());
        relay.listener().await(4);
    }

    /** Two accounts that fail each in its way, the second of which has a credential that looks like nothing known. */
    private void failOver() throws IOException {
        relay.account(upstream.uri(), Canary.BEARER_TOKEN.text(9));
        upstream.forKey(StandaloneRelay.ACCOUNT_KEY + "1", error(500, StandaloneRelay.ACCOUNT_KEY + "1"));
        upstream.forKey(Canary.BEARER_TOKEN.text(9), error(403, Canary.BEARER_TOKEN.text(9)));
        RawClient.Answer answer = relay.post(StandaloneRelay.message());
        assertThat(answer.head().status()).isGreaterThanOrEqualTo(400);
        assertThat(relay.listener().await(5).attempts()).hasSize(2);
    }

    @Test
    void whateverHappensNoSecretAndNoWordOfAConversationIsKept() throws Exception {
        administer();
        administerOverHttp();
        converse();
        failOver();
        relay.relay().flush().join();
        Canaries.assertNoneBelow(directory);
        relay.close();
        Canaries.assertNoneBelow(directory);
        assertThat(bytes()).contains("account-with-secrets-1", "over http", "claude-sonnet-5-5");
        // Opened again it is written again, and everything that was kept is read.
        StandaloneRelay.on(directory).close();
    }

    @Test
    void aSecretInTheFileWouldBeNoticed() {
        relay.relay()
                .administration()
                .createAccount(NewAccount.apiKey(
                        "named " + Canary.PROXY_PASSWORD.text(), "http://127.0.0.1:1", Secret.of("key")));
        assertThatThrownBy(() -> relay.close())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("relay.mv")
                .hasMessageContaining("proxy-password");
    }

    /** At debug it prints its configuration, the folder of its store included. */
    @Test
    void aSecretThatAProcessPrintsWouldBeNoticed(@TempDir Path folder) throws IOException {
        Path named = folder.resolve(Canary.CLIENT_SECRET.text());
        RelayProcess process = RelayProcess.startUnpackaged(folder, RelayProcess.goodEnvironment(named));
        Wait.until("the relay to print something", () -> process.output().contains("data-dir="));
        assertThatThrownBy(process::close)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("what the relay printed")
                .hasMessageContaining("client-secret");
        relay.close();
    }

    @Test
    void whatTestsOfThisModuleLogIsWatched() {
        assertThat(CanaryWatch.watches()).isTrue();
        relay.close();
    }

    /** All that the store keeps, as one text. */
    private String bytes() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }
}
