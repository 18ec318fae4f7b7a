package org.ccrelayer.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.EgressProxy.HttpConnect;
import org.ccrelayer.account.EgressProxy.Login;
import org.ccrelayer.account.EgressProxy.Socks5;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.account.TlsPolicy.KeyMaterial.Pem;
import org.ccrelayer.internal.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proxies and TLS policies through the administration API: what is kept, shown, left and refused. */
class EgressApiTest {
    private static final String HTTP = "{\"type\":\"http\",\"host\":\"Proxy.Example\",\"port\":3128,"
            + "\"username\":\"user\",\"password\":\"a password\"}";
    private static final HttpConnect KEPT =
            new HttpConnect("proxy.example", 3128, new Login("user", Secret.of("a password")));

    private final AdminFixture admin = new AdminFixture();

    @AfterEach
    void close() {
        admin.close();
    }

    private String create(String members) {
        AdminResponse response =
                admin.asAdmin("POST", "/admin/accounts", "{\"name\":\"a\",\"apiKey\":\"k\"" + members + "}");
        assertThat(response.status()).isEqualTo(201);
        return AdminFixture.object(response).string("id").orElseThrow();
    }

    private JsonObject change(String id, String members) {
        AdminResponse response = admin.asAdmin("PUT", "/admin/accounts/" + id, "{" + members + "}");
        assertThat(response.status()).as(AdminFixture.text(response)).isEqualTo(200);
        return AdminFixture.object(response);
    }

    private String refusal(String id, String members) {
        AdminResponse response = admin.asAdmin("PUT", "/admin/accounts/" + id, "{" + members + "}");
        return AdminFixture.error(response, 400, "invalid_request_error");
    }

    private Account kept(String id) {
        return admin.store.accounts().find(id).orElseThrow();
    }

    @Test
    void storedCertificatesThatAreOfNoUseHideNoAccount() {
        String id = create("");
        for (Secret text : List.of(Secret.of("no PEM"), Secret.undecryptable("sealed"))) {
            TlsPolicy policy = new TlsPolicy(
                    List.of(), List.of(), List.of(), new Pem(text), Set.of(), null, TlsPolicy.Provider.JDK);
            Account old = kept(id);
            admin.store.accounts().update(id, account -> with(old, policy));
            assertThat(AdminFixture.text(admin.asAdmin("GET", "/admin/accounts", "")))
                    .contains(id, "\"trust\":[{\"problem\":\"")
                    .doesNotContain("no PEM");
        }
    }

    private static Account with(Account old, TlsPolicy policy) {
        return new Account(
                old.id(),
                old.name(),
                old.credential(),
                old.baseUrl(),
                old.priority(),
                old.schedulable(),
                old.models(),
                old.createdAt(),
                old.routing(),
                old.proxy(),
                policy);
    }

    @Test
    void aProxyIsKeptAndShownWithoutItsPassword() {
        String id = create(",\"proxy\":" + HTTP);
        assertThat(kept(id).proxy()).isEqualTo(KEPT);
        assertThat(AdminFixture.text(admin.asAdmin("GET", "/admin/accounts", "")))
                .contains("\"proxy\":{\"type\":\"http\",\"host\":\"proxy.example\",\"port\":3128,\"username\":\"user\","
                        + "\"hasPassword\":true}")
                .doesNotContain("a password");
        change(id, "\"proxy\":{\"type\":\"socks5\",\"host\":\"[::1]\",\"port\":1080}");
        assertThat(kept(id).proxy()).isEqualTo(new Socks5("[::1]", 1080, null));
    }

    @Test
    void aProxyStaysUnlessItIsNamedAndIsRemovedByNullOrDirect() {
        String id = create(",\"proxy\":" + HTTP);
        change(id, "\"priority\":3");
        assertThat(kept(id).proxy()).isEqualTo(KEPT);
        change(id, "\"proxy\":null");
        assertThat(kept(id).proxy()).isEqualTo(EgressProxy.DIRECT);
        change(id, "\"proxy\":" + HTTP);
        assertThat(change(id, "\"proxy\":{\"type\":\"direct\"}").toString()).contains("{\"type\":\"direct\"}");
        assertThat(kept(id).proxy()).isEqualTo(EgressProxy.DIRECT);
    }

    @Test
    void aPasswordStaysOnlyWithTheProxyAndUserItWasGivenFor() {
        String id = create(",\"proxy\":" + HTTP);
        change(id, "\"proxy\":{\"type\":\"http\",\"host\":\"proxy.example\",\"port\":3128,\"username\":\"user\"}");
        assertThat(kept(id).proxy()).isEqualTo(KEPT);
        for (String other : new String[] {
            "\"type\":\"socks5\",\"host\":\"proxy.example\",\"port\":3128,\"username\":\"user\"",
            "\"type\":\"http\",\"host\":\"other.example\",\"port\":3128,\"username\":\"user\"",
            "\"type\":\"http\",\"host\":\"proxy.example\",\"port\":3129,\"username\":\"user\"",
            "\"type\":\"http\",\"host\":\"proxy.example\",\"port\":3128,\"username\":\"other\""
        }) {
            assertThat(refusal(id, "\"proxy\":{" + other + "}"))
                    .contains("proxy.password: is required with a username");
        }
        assertThat(kept(id).proxy()).isEqualTo(KEPT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"type\":\"ftp\",\"host\":\"a\",\"port\":1}|proxy.type: must be direct, http or socks5",
                "{\"host\":\"a\",\"port\":1}|proxy.type: is required",
                "{\"type\":\"http\",\"port\":1}|proxy.host: is required",
                "{\"type\":\"http\",\"host\":\"a\"}|proxy.port: is required",
                "{\"type\":\"http\",\"host\":\"a\",\"port\":0}|proxy.port: must be a whole number from 1 to 65535",
                "{\"type\":\"http\",\"host\":\"a\",\"port\":1,\"user\":\"x\"}|proxy.user: is unknown",
                "{\"type\":\"http\",\"host\":\"a\",\"port\":1,\"password\":\"x\"}|proxy.username: is required",
                "{\"type\":\"http\",\"host\":\"a\",\"port\":1,\"username\":\"x\"}|proxy.password: is required",
                "{\"type\":\"http\",\"host\":\"a\",\"port\":1,\"username\":\"x:y\",\"password\":\"z\"}|proxy.username: must have no colon",
                "{\"type\":\"socks5\",\"host\":\"a\",\"port\":1,\"username\":\"\",\"password\":\"z\"}|proxy.username: must be 1 to 255 bytes",
                "{\"type\":\"socks5\",\"host\":\"169.254.169.254\",\"port\":1}|proxy.host: must not be an address that no proxy has",
                "{\"type\":\"socks5\",\"host\":\"a b\",\"port\":1}|proxy.host: must be a host name or an address",
                "\"http://proxy\"|proxy: must be an object"
            })
    void aBadProxyIsRefusedWithFieldAndRemedy(String proxy, String problem) {
        assertThat(refusal(create(""), "\"proxy\":" + proxy)).contains(problem);
        AdminResponse created =
                admin.asAdmin("POST", "/admin/accounts", "{\"name\":\"a\",\"apiKey\":\"k\",\"proxy\":" + proxy + "}");
        assertThat(AdminFixture.error(created, 400, "invalid_request_error")).contains(problem);
    }

    @Test
    void aPasswordThatIsTooLongIsNotRepeated() {
        String password = "secret".repeat(50);
        assertThat(refusal(
                        create(""),
                        "\"proxy\":{\"type\":\"http\",\"host\":\"a\",\"port\":1,\"username\":\"x\",\"password\":\""
                                + password + "\"}"))
                .contains("proxy.password: must be 1 to 255 bytes")
                .doesNotContain("secret");
    }

    @Test
    void aPolicyIsLaidOverTheOldOneMemberByMember() {
        String id = create(
                ",\"tls\":{\"protocols\":[\"TLSv1.3\",\"TLSv1.2\"],\"cipherSuites\":[\"B\",\"A\"],\"provider\":\"BC\"}");
        change(id, "\"tls\":{\"namedGroups\":[\"x25519\"],\"cipherSuites\":[]}");
        TlsPolicy kept = kept(id).tls();
        assertThat(kept.protocols()).containsExactly("TLSv1.3", "TLSv1.2");
        assertThat(kept.cipherSuites()).isEmpty();
        assertThat(kept.namedGroups()).containsExactly("x25519");
        assertThat(kept.provider()).isEqualTo(TlsPolicy.Provider.BC);
        change(id, "\"priority\":3");
        assertThat(kept(id).tls()).isEqualTo(kept);
        change(id, "\"tls\":null");
        assertThat(kept(id).tls()).isEqualTo(TlsPolicy.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"protocol\":[]}|tls.protocol: is unknown, did you mean protocols?",
                "{\"protocols\":\"TLSv1.3\"}|tls.protocols: must be a list",
                "{\"protocols\":[\"TLS v1\"]}|tls.protocols: must be at most 100 names",
                "{\"provider\":\"OpenSSL\"}|tls.provider: must be JDK or BC",
                "{\"trustPem\":\"x\",\"trustStore\":\"y\"}|tls.trustStore: must not be given together with trustPem",
                "{\"clientStorePassword\":\"x\"}|tls.clientStorePassword: must be given together with clientStore"
            })
    void aBadPolicyIsRefusedWithFieldAndRemedy(String tls, String problem) {
        assertThat(refusal(create(""), "\"tls\":" + tls)).contains(problem);
    }
}
