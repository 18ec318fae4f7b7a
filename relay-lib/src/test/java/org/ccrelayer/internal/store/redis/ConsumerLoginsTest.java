package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.ccrelayer.Relay;
import org.ccrelayer.account.ConsumerLogin;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.http.InMemoryRequest;
import org.ccrelayer.http.InMemoryResponse;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.testkit.RelayFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The predecessor's consumer logins, which are listed, copied from and left alone. */
@Timeout(120)
class ConsumerLoginsTest extends OnTheDump {
    private static final int PLENTY = 1_000_000;

    private List<ConsumerLogin> logins() {
        return new ConsumerLogins(dump.redis).list();
    }

    private ConsumerLogin proxied(Class<? extends EgressProxy> kind) {
        return logins().stream()
                .filter(login -> kind.isInstance(login.proxy()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void all_are_found_by_their_index_and_without_it_and_nothing_is_written() {
        Map<String, DumpFixture.Print> before = dump.prints();
        List<ConsumerLogin> all = logins();
        assertThat(all).hasSize(18).allMatch(login -> !login.name().isEmpty());
        assertThat(all.toString()).doesNotContain("pr0xy");
        assertThat(dump.changedSince(before)).isEmpty();
        dump.redis.call(commands -> commands.del(RedisKeys.LOGIN_INDEX.key()));
        dump.redis.call(commands -> commands.set(RedisKeys.LOGIN.key("no-login"), "text"));
        assertThat(logins()).isEqualTo(all);
    }

    @Test
    void where_there_are_none_the_keys_are_searched_once() {
        dump.peer.clear();
        ConsumerLogins logins = new ConsumerLogins(dump.redis);
        assertThat(logins.list()).isEmpty();
        dump.peer.countAnew();
        assertThat(logins.list()).isEmpty();
        assertThat(dump.peer.calls()).doesNotContainKey("scan");
    }

    @Test
    void what_cannot_be_used_as_a_proxy_is_told_apart_from_none() {
        String id = logins().get(0).id();
        for (String proxy : List.of("{\"type\":\"https\",\"host\":\"h\",\"port\":1}", "{", "{\"type\":\"http\"}")) {
            dump.redis.call(commands -> commands.hset(RedisKeys.LOGIN.key(id), "proxy", proxy));
            assertThat(logins().get(0).proxy()).as(proxy).isNull();
        }
        dump.redis.call(commands -> commands.hset(RedisKeys.LOGIN.key(id), "proxy", ""));
        assertThat(logins().get(0).proxy()).isEqualTo(EgressProxy.DIRECT);
    }

    @Test
    void the_administration_marks_them_copies_their_proxies_and_changes_none() throws Exception {
        ConsumerLogin login = proxied(EgressProxy.Socks5.class);
        Map<String, DumpFixture.Print> before = dump.prints();
        try (Relay relay = relay()) {
            String token = token(relay);
            String listed = ask(relay, token, "GET", "/admin/accounts", "");
            assertThat(listed.split("\"kind\":\"consumer-login\",\"usable\":false", -1))
                    .hasSize(19);
            assertThat(listed).doesNotContain("pr0xy", "sk-ant-ort");
            JsonObject shown = JsonObject.parse(ask(relay, token, "GET", "/admin/accounts/" + login.id(), ""));
            assertThat(shown.object("proxy").orElseThrow().names())
                    .containsExactly("type", "host", "port", "username", "hasPassword");
            for (String way : List.of("PUT ", "DELETE ", "POST /toggle", "POST /refresh")) {
                String[] parts = way.split(" ", -1);
                assertThat(ask(relay, token, parts[0], "/admin/accounts/" + login.id() + parts[1], "{}"))
                        .as(way)
                        .contains("\"invalid_request_error\"", "This is a consumer login of the predecessor");
            }
            assertThat(dump.changedSince(before)).isEmpty();
            String created = ask(
                    relay,
                    token,
                    "POST",
                    "/admin/accounts",
                    "{\"name\":\"a\",\"apiKey\":\"sk-test\",\"proxyFrom\":\"" + login.id() + "\"}");
            assertThat(created).contains("\"hasPassword\":true").doesNotContain("pr0xy");
            String id = JsonObject.parse(created).string("id").orElseThrow();
            assertThat(relay.administration().account(id).orElseThrow().proxy()).isEqualTo(login.proxy());
        }
        TreeSet<String> changed = dump.changedSince(before);
        assertThat(changed).isNotEmpty().noneMatch(key -> key.startsWith("claude:account:"));
    }

    private Relay relay() {
        RedisLink link = RedisRelay.link(dump.peer, RedisRelay.PATIENT, InstantSource.system());
        return Relay.builder(RelayFixture.config(Map.of()))
                .store(RedisStore.over(
                        link,
                        RedisTime.SERVERS,
                        new RedisStore.Terms(dump.terms, AwayTerms.IN_MEMORY, Optional.empty()),
                        InstantSource.system()))
                .start();
    }

    private static String token(Relay relay) throws Exception {
        String body = "{\"username\":\"admin\",\"password\":\"" + RelayFixture.ADMIN_PASSWORD + "\"}";
        return JsonObject.parse(ask(relay, "", "POST", "/admin/login", body))
                .string("token")
                .orElseThrow();
    }

    private static String ask(Relay relay, String token, String method, String path, String body) throws Exception {
        InMemoryRequest request = InMemoryRequest.to(method, path)
                .header("authorization", "Bearer " + token)
                .json(body)
                .build();
        InMemoryResponse response = InMemoryResponse.to(request);
        relay.handleAdmin(request, response);
        return new String(response.whole(PLENTY).get(60, TimeUnit.SECONDS), StandardCharsets.UTF_8);
    }
}
